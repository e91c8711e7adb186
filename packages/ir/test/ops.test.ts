import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttributeKind,
  type AttributeLiteral,
  activationParameters,
  CompilerError,
  findOp,
  isBound,
  knownOps,
  type OpRecord,
  tensorOf,
  traitsOf,
} from '../src/index.js';
import { constantValue, floats, type Input, inferNode } from './infer-case.js';

const records = knownOps().map((record) => [record.name, record] as const);

describe('every op record', () => {
  it.each(records)('%s has a sound signature', (_, { inputs, outputs, attributes, traits }) => {
    for (const formals of [inputs, outputs]) {
      const kinds = formals.map(({ optional, variadic }) => (variadic ? 2 : optional ? 1 : 0));
      expect(kinds).toEqual(kinds.toSorted());
      expect(kinds.filter((kind) => kind === 2).length).toBeLessThanOrEqual(1);
      expect(new Set(formals.map(({ name }) => name)).size).toBe(formals.length);
    }
    for (const { kind, default: value } of Object.values(attributes)) {
      if (value !== undefined) expect(holds(kind, value)).toBe(true);
    }
    if (traits.commutative) expect(inputs).toHaveLength(2);
    if (traits.idempotent) expect(outputs).toHaveLength(1);
    expect(traits.epilogue === true).toBe('activation' in attributes);
  });

  it.each(records)('%s types any input or refuses it with a CompilerError', (_, record) => {
    fc.assert(
      fc.property(anyNode(record), ({ inputs, attributes, outputCount }) => {
        try {
          const { outputs } = inferNode(record.name, inputs, attributes, outputCount);
          for (const output of outputs) {
            for (const dim of output?.type?.dims ?? []) {
              expect(!isBound(dim) || (Number.isSafeInteger(dim) && dim >= 0)).toBe(true);
            }
          }
        } catch (error) {
          if (!(error instanceof CompilerError)) throw error;
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('activations', () => {
  it('take the float attributes of their op, and the bounds of Clip', () => {
    expect(activationParameters.get('Relu')).toEqual([]);
    expect(activationParameters.get('HardSigmoid')).toEqual(['alpha', 'beta']);
    expect(activationParameters.get('Clip')).toEqual(['min', 'max']);
    for (const op of activationParameters.keys()) expect(traitsOf(op).fusion).toBe('elementwise');
  });

  it('are no ops that change the dtype or look beyond one element', () => {
    for (const op of ['Softmax', 'IsNaN', 'Not', 'Cast', 'PRelu']) {
      expect(activationParameters.has(op)).toBe(false);
    }
  });
});

describe('defaults', () => {
  it('are in single precision, as a model that spells them out would have them', () => {
    expect(findOp('LeakyRelu')?.attributes.alpha?.default).toBe(Math.fround(0.01));
  });
});

function holds(kind: AttributeKind, value: unknown): boolean {
  switch (kind) {
    case 'int':
      return Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number' && Math.fround(value) === value;
    case 'string':
      return typeof value === 'string';
    case 'ints':
      return Array.isArray(value) && value.every(Number.isSafeInteger);
    case 'floats':
    case 'strings':
    case 'tensor':
      return false;
  }
}

const integer = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -4, max: 9 }) },
  fc.constantFrom(2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);

const typeText = fc
  .tuple(
    fc.constantFrom('f32', 'f16', 'i64', 'i32', 'u8', 'bool', 'str'),
    fc.array(fc.constantFrom('0', '1', '2', '3', '8', '4294967296', 'N', '2*N', 'H'), {
      maxLength: 5,
    }),
  )
  .map(([dtype, dims]) => `${dtype}[${dims.join(',')}]`);

const anyInput: fc.Arbitrary<Input> = fc.oneof(
  { weight: 5, arbitrary: typeText },
  { weight: 3, arbitrary: fc.array(integer, { maxLength: 5 }) },
  integer,
  fc.array(fc.float(), { maxLength: 4 }).map((values) => floats(...values)),
  fc.constant(constantValue(tensorOf('bool', [], [1]))),
  fc.constant(undefined),
);

const literals: Readonly<Record<AttributeKind, fc.Arbitrary<AttributeLiteral>>> = {
  int: integer,
  float: fc.float(),
  string: fc.constantFrom(
    '',
    'NOTSET',
    'VALID',
    'SAME_UPPER',
    'LEFT',
    'tf_crop_and_resize',
    'Relu',
    'Clip',
    'not_larger',
    'linear',
  ),
  tensor: fc.constantFrom(tensorOf('int64', [1], [3]), tensorOf('float32', [2], [1, 2])),
  ints: fc.array(integer, { maxLength: 6 }),
  floats: fc.array(fc.float(), { maxLength: 2 }),
  strings: fc.array(fc.string(), { maxLength: 2 }),
};

function anyNode(record: OpRecord) {
  const count = record.inputs.length;
  const attributes = Object.entries(record.attributes).map(
    ([name, { kind }]) => [name, fc.option(literals[kind], { nil: undefined })] as const,
  );
  return fc.record({
    inputs: fc.array(anyInput, { minLength: Math.max(0, count - 2), maxLength: count + 1 }),
    attributes: fc.record(Object.fromEntries(attributes)),
    outputCount: fc.integer({ min: 1, max: 3 }),
  });
}

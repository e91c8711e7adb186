/** Random dims, tensors and graphs for property tests, with the names that models get away with. */

import fc from 'fast-check';
import {
  type Attribute,
  addDims,
  createNode,
  type Dim,
  type DType,
  dtypes,
  elementCount,
  floorDivDims,
  type Graph,
  maxDims,
  minDims,
  modDims,
  mulDims,
  type Node,
  namedDim,
  subDims,
  type Tensor,
  type TensorType,
  UniqueNames,
  type Value,
} from '../src/index.js';

const traps = [
  ...[
    '',
    ' ',
    '_',
    '%x',
    'a b',
    'a:',
    ':a',
    'onnx::Conv_1',
    'head/Relu:0',
    '0',
    '-x',
    '1e5',
    '日本',
  ],
  ...['__proto__', 'constructor', 'then', 'toString', 'graph', 'input', 'output', 'const', '?'],
  ...['inf', 'nan', 'ints', 'floats', 'f32', 'floordiv', 'base64', 'splat', '"', '\\', '\\"', '#'],
  ...[
    '\n',
    '\r',
    '\0',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\udc00x',
    '\u{e0041}',
    '*/',
    '$' + '{}',
  ],
];

export const hostileText = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

const dimNames = ['batch', 'H', 'seq len', 'max', 'y.0'] as const;

/** A dim, and what it comes to when its names are bound. */
export interface DimCase {
  readonly dim: Dim;
  readonly evaluate: (bindings: ReadonlyMap<string, Dim>) => number;
}

const namedCase = fc.constantFrom(...dimNames).map((name): DimCase => {
  return { dim: namedDim(name), evaluate: (bindings) => Number(bindings.get(name)) };
});

function numberCase(min: number, max: number): fc.Arbitrary<DimCase> {
  return fc.integer({ min, max }).map((n) => ({ dim: n, evaluate: () => n }));
}

type BinaryDim = [(a: Dim, b: Dim) => Dim, (a: number, b: number) => number];

function binaryCase(
  left: fc.Arbitrary<DimCase>,
  right: fc.Arbitrary<DimCase>,
  ...ops: BinaryDim[]
): fc.Arbitrary<DimCase> {
  return fc.tuple(left, right, fc.constantFrom(...ops)).map(([a, b, [build, evaluate]]) => ({
    dim: build(a.dim, b.dim),
    evaluate: (bindings) => evaluate(a.evaluate(bindings), b.evaluate(bindings)),
  }));
}

/** Expressions over positive names; divisors are positive, too. */
export const dimCase = fc.letrec<{ expression: DimCase }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(numberCase(-4, 4), namedCase),
    binaryCase(
      tie('expression'),
      tie('expression'),
      [addDims, (a, b) => a + b],
      [subDims, (a, b) => a - b],
      [mulDims, (a, b) => a * b],
      [maxDims, Math.max],
      [minDims, Math.min],
    ),
    binaryCase(
      tie('expression'),
      fc.oneof(numberCase(1, 4), namedCase),
      [floorDivDims, (a, b) => Math.floor(a / b)],
      [modDims, (a, b) => a - b * Math.floor(a / b)],
    ),
  ),
})).expression;

export const positiveBindings = fc
  .tuple(...dimNames.map(() => fc.integer({ min: 1, max: 6 })))
  .map((numbers) => new Map<string, Dim>(dimNames.map((name, i) => [name, numbers[i] ?? 1])));

const dtypeNames = Object.keys(dtypes) as DType[];

/** Tensors of random bits, so with every NaN and with bools that are neither 0 nor 1. */
export const tensor: fc.Arbitrary<Tensor> = fc
  .record({
    dtype: fc.constantFrom(...dtypeNames),
    dims: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
  })
  .chain(({ dtype, dims }) => contents(dtype, dims));

function contents(dtype: DType, dims: readonly number[]): fc.Arbitrary<Tensor> {
  const count = elementCount(dims);
  const size = dtypes[dtype].bytes;
  if (dtype === 'string') {
    return exactly(count, hostileText).map((strings) => {
      return { dtype, dims, bytes: new Uint8Array(0), strings };
    });
  }
  const random = exactly(count * size, fc.nat(255));
  const uniform = exactly(size, fc.nat(255)).map((element) =>
    Array.from({ length: count }, () => element).flat(),
  );
  return fc.oneof(random, uniform).map((bytes) => {
    return { dtype, dims, bytes: Uint8Array.from(bytes) };
  });
}

function exactly<T>(length: number, item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: length, maxLength: length });
}

const type: fc.Arbitrary<TensorType | undefined> = fc.option(
  fc.record(
    {
      dtype: fc.constantFrom(...dtypeNames),
      dims: fc.array(
        fc.oneof(
          fc.nat(9),
          dimCase.map(({ dim }) => dim).filter((dim) => typeof dim !== 'number'),
        ),
        { maxLength: 4 },
      ),
    },
    { noNullPrototype: true },
  ),
  { nil: undefined },
);

const int = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -0, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
const float = fc.oneof(fc.double(), fc.float(), fc.constantFrom(0, -0, 1, -2, 0.1, 16_777_217));

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  int.map((value): Attribute => ({ kind: 'int', value })),
  float.map((value): Attribute => ({ kind: 'float', value })),
  hostileText.map((value): Attribute => ({ kind: 'string', value })),
  tensor.map((value): Attribute => ({ kind: 'tensor', value })),
  fc.array(int, { maxLength: 3 }).map((value): Attribute => ({ kind: 'ints', value })),
  fc.array(float, { maxLength: 3 }).map((value): Attribute => ({ kind: 'floats', value })),
  fc.array(hostileText, { maxLength: 3 }).map((value): Attribute => ({ kind: 'strings', value })),
);

/**
 * A graph that keeps every rule: nodes of ops in and out of the table, with absent inputs and
 * outputs, symbolic dims, known elements, attributes of all kinds, regions that read around them.
 */
export function randomGraph(gen: fc.GeneratorValue): Graph {
  const pick = <T>(arbitrary: fc.Arbitrary<T>): T => gen(() => arbitrary);
  const names = new UniqueNames();
  const freshName = () => names.fresh(pick(hostileText));
  const times = <T>(max: number, make: () => T): T[] =>
    Array.from({ length: pick(fc.nat(max)) }, make);
  const entries = <T>(max: number, make: () => T): Record<string, T> =>
    Object.fromEntries(times(max, () => [pick(hostileText), make()]));

  function body(around: readonly Value[], depth: number): Graph {
    const inputs = times(2, () => definition());
    const visible = [...around, ...inputs];
    const nodes = times(4, () => {
      const node = pick(fc.nat(3)) === 0 ? shapeNode(visible) : foreignNode(visible, depth);
      for (const output of node.outputs) if (output) visible.push(output);
      return node;
    });
    const outputs = Object.entries(entries(2, () => operand(visible)));
    return {
      name: pick(hostileText),
      inputs,
      nodes,
      outputs: outputs.flatMap(([name, value]) => (value ? [{ name, value }] : [])),
      metadata: entries(1, () => pick(hostileText)),
    };
  }

  function definition(): Value {
    return { name: freshName(), type: pick(type) };
  }

  function constant(): Value {
    const data = pick(tensor);
    const { dtype, dims } = data;
    return { name: freshName(), type: { dtype, dims }, constant: data };
  }

  function operand(visible: readonly Value[]): Value | undefined {
    return pick(fc.nat(3)) === 0 ? constant() : pick(fc.constantFrom(undefined, ...visible));
  }

  /** An op that the table knows, whose output has known elements. */
  function shapeNode(visible: readonly Value[]): Node {
    const inputs = [visible.find((value) => value.type) ?? constant()];
    return createNode({ op: 'Shape', inputs, outputs: [freshName()] });
  }

  function foreignNode(visible: readonly Value[], depth: number): Node {
    return {
      op: `test::${pick(hostileText)}`,
      name: pick(hostileText),
      inputs: times(3, () => operand(visible)),
      outputs: times(2, () => (pick(fc.boolean()) ? definition() : undefined)),
      attributes: entries(3, () => pick(attribute)),
      regions: depth > 1 ? {} : entries(2, () => body(visible, depth + 1)),
    };
  }

  return body([], 0);
}

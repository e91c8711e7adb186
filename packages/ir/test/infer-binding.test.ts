import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttributeLiterals,
  bindDim,
  CompilerError,
  type Dim,
  namesOfDim,
} from '../src/index.js';
import { floats, type Input, inferNode, typeFrom } from './infer-case.js';

/** A node over inputs whose dims are names, with the sizes to bind them to. */
interface Case {
  readonly op: string;
  readonly inputs: readonly Input[];
  readonly attributes: AttributeLiterals;
  readonly outputs: number;
}

const sizes: ReadonlyMap<string, fc.Arbitrary<number>> = new Map([
  ['N', fc.integer({ min: 1, max: 4 })],
  ['C', fc.constantFrom(4, 8)],
  ['H', fc.integer({ min: 1, max: 24 })],
  ['W', fc.integer({ min: 1, max: 24 })],
]);
const image = 'f32[N,C,H,W]';
const small = fc.integer({ min: 1, max: 4 });
const pad = fc.integer({ min: 0, max: 3 });
const bound = fc.oneof(fc.integer({ min: -30, max: 30 }), fc.constantFrom(2 ** 40, -(2 ** 40)));
const pairOf = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 2, maxLength: 2 });

const window = fc.record({
  strides: pairOf(small),
  pads: fc.array(pad, { minLength: 4, maxLength: 4 }),
  dilations: pairOf(fc.integer({ min: 1, max: 2 })),
  auto_pad: fc.constantFrom('NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
});

function caseOf(
  op: string,
  inputs: readonly Input[],
  attributes: AttributeLiterals = {},
  outputs = 1,
): Case {
  return { op, inputs, attributes, outputs };
}

const kernel = pairOf(fc.integer({ min: 1, max: 5 }));

const cases: readonly fc.Arbitrary<Case>[] = [
  fc
    .tuple(window, kernel, fc.constantFrom(1, 2, 4))
    .map(([attributes, [h, w], group]) =>
      caseOf('ConvTranspose', [image, `f32[C,2,${h},${w}]`], { ...attributes, group }),
    ),
  fc
    .tuple(window, kernel)
    .map(([attributes, [h, w]]) => caseOf('Conv', [image, `f32[16,C,${h},${w}]`], attributes)),
  fc
    .tuple(window, kernel, fc.constantFrom(0, 1))
    .map(([attributes, kernel_shape, ceil_mode]) =>
      caseOf('MaxPool', [image], { ...attributes, kernel_shape, ceil_mode }),
    ),
  fc
    .tuple(
      bound,
      bound,
      fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0),
    )
    .map(([start, end, step]) => caseOf('Slice', ['f32[N,H]', [start], [end], [1], [step]])),
  fc
    .constantFrom(1, 2, 4)
    .map((count) => caseOf('Split', [image], { axis: 1, num_outputs: count }, count)),
  fc
    .integer({ min: 1, max: 4 })
    .map((count) => caseOf('Split', [image], { axis: 2, num_outputs: count }, count)),
  fc
    .constantFrom([0, -1], [-1, 4], [0, 2, -1, 0], [-1], [0, 0, -1])
    .map((shape) => caseOf('Reshape', [image, shape])),
  fc.integer({ min: -4, max: 4 }).map((axis) => caseOf('Flatten', [image], { axis })),
  fc
    .array(fc.integer({ min: -1, max: 3 }), { minLength: 8, maxLength: 8 })
    .map((pads) => caseOf('Pad', [image, pads])),
  pairOf(fc.constantFrom(0.25, 0.5, 1, 1.5, 2)).map((scales) =>
    caseOf('Resize', [image, undefined, floats(...scales)], { axes: [2, 3] }),
  ),
  fc
    .constantFrom('f32[C,1,1]', 'f32[1,C,H,1]', 'f32[W]', 'f32[]')
    .map((other) => caseOf('Add', [image, other])),
  fc.constantFrom(2, 4).map((blocksize) => caseOf('DepthToSpace', [image], { blocksize })),
  fc.constant(caseOf('Concat', [image, 'f32[N,3,H,W]', image], { axis: 1 })),
];

describe('inference over names', () => {
  it('gives, once they are bound, what inference over the numbers gives', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        fc.oneof(...cases),
        fc.record(Object.fromEntries(sizes)),
        (generated, bindings) => {
          const names = new Map<string, Dim>(Object.entries(bindings));
          const expected = attempt(() => dimsOf(bindInputs(generated, names)));
          if (expected === undefined) return;
          dimsOf(generated).forEach((dims, output) => {
            dims.forEach((dim, axis) => {
              if (isUnknown(dim)) return;
              expect(bindDim(dim, names)).toBe(expected[output]?.[axis]);
              compared++;
            });
          });
        },
      ),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(3000);
  });
});

describe('Slice', () => {
  it('takes the elements that a walk from the clamped start to the clamped end takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8 }),
        bound,
        bound,
        fc.integer({ min: -3, max: 3 }),
        (size, start, end, step) => {
          fc.pre(step !== 0);
          const data = Array.from({ length: size }, (_, i) => i * 10);
          const [output] = inferNode('Slice', [data, [start], [end], [0], [step]]).outputs;
          const expected = walk(data, start, end, step);
          expect(output?.elements).toEqual(expected);
          expect(output?.type?.dims).toEqual([expected.length]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Slicing in the words of the operator reference. */
function walk(data: readonly number[], start: number, end: number, step: number): number[] {
  const size = data.length;
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  const from = clamp(start < 0 ? start + size : start, 0, step > 0 ? size : size - 1);
  const to = clamp(end < 0 ? end + size : end, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
  const taken: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) {
    const element = data[i];
    if (element !== undefined) taken.push(element);
  }
  return taken;
}

function dimsOf({ op, inputs, attributes, outputs }: Case): readonly (readonly Dim[])[] {
  return inferNode(op, inputs, attributes, outputs).outputs.map(
    (output) => output?.type?.dims ?? [],
  );
}

function bindInputs(generated: Case, bindings: ReadonlyMap<string, Dim>): Case {
  const bindType = (input: Input): Input => {
    if (typeof input !== 'string') return input;
    const { dtype, dims } = typeFrom(input);
    return { name: 'x', type: { dtype, dims: dims.map((dim) => bindDim(dim, bindings)) } };
  };
  return { ...generated, inputs: generated.inputs.map(bindType) };
}

function isUnknown(dim: Dim): boolean {
  return [...namesOfDim(dim)].some((name) => !sizes.has(name));
}

/** What `run` gives, or undefined where these sizes break a rule of the op. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof CompilerError && error.code === 'E_INVALID_GRAPH') return undefined;
    throw error;
  }
}

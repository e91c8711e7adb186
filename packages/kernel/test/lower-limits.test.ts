/** What lowering refuses, and what data cannot make a kernel do. */

import { CompilerError, GraphBuilder } from '@whittle/ir';
import { lowerGraph } from '@whittle/kernel';
import { expect, it } from 'vitest';
import { interpretGraph, testTarget } from './op-cases/interpret-graph.js';
import {
  bool,
  type CaseInput,
  f32,
  feedsOf,
  graphOf,
  i64,
  ints,
  type OpCase,
  opCase,
} from './op-cases/op-case.js';
import type { ReferenceTensor } from './op-cases/reference.js';

const refused: readonly (readonly [code: string, OpCase])[] = [
  ['E_UNSUPPORTED_FEATURE', opCase('Dropout', [f32([3]), f32([], [0.5]), bool([], [1])])],
  ['E_UNSUPPORTED_FEATURE', opCase('CumSum', [f32([3]), i64([], [0])])],
  ['E_UNBOUND_DIM', opCase('Pad', [f32([3]), i64([2], [1, 1])])],
  ['E_UNSUPPORTED_OP', opCase('Compress', [f32([3]), bool([3])])],
  // No memory would be needed for it, but positions in it do not fit.
  ['E_LIMIT_SIZE', opCase('Expand', [f32([1]), ints(2 ** 16, 2 ** 15)])],
  ['E_LIMIT_SIZE', opCase('Tile', [f32([2 ** 15, 1]), ints(1, 2 ** 16)])],
];

for (const [code, op] of refused) {
  it(`refuses ${op.name}`, () => {
    expect(codeOf(() => lowerGraph(graphOf(op, 'alone'), testTarget))).toBe(code);
  });
}

it('lists all unsupported ops at once', () => {
  const builder = new GraphBuilder('two');
  const x = builder.input('x', 'float32', [3]);
  const keep = builder.input('keep', 'bool', [3]);
  builder.output('y', builder.op('Compress', [x, keep]));
  builder.output('z', builder.op('Compress', [x, keep]));
  expect(() => lowerGraph(builder.build(), testTarget)).toThrow(/"Compress", "Compress_1"/);
});

// The interpreter refuses every access outside of a buffer.
it('brings indices that data puts out of bounds to the nearest element', async () => {
  const far = (dims: readonly number[]): CaseInput =>
    i64(
      dims,
      Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => (i % 2 ? -99 : 2 ** 40)),
    );
  const data = f32([3, 2], [0, 1, 2, 3, 4, 5]);
  expect(await outputOf(opCase('Gather', [data, far([2])]))).toHaveLength(4);
  expect(await outputOf(opCase('GatherElements', [data, far([2, 2])]))).toHaveLength(4);
  expect(await outputOf(opCase('GatherND', [data, far([2, 2])]))).toHaveLength(2);
});

it('leaves out updates whose index is out of bounds', async () => {
  const data = f32([3], [7, 8, 9]);
  const indices = i64([3], [3, -4, 1]);
  const updates = f32([3], [1, 2, 3]);
  expect(await outputOf(opCase('ScatterElements', [data, indices, updates]))).toEqual([7, 3, 9]);
  const tuples = i64([3, 1], [3, -4, 1]);
  expect(await outputOf(opCase('ScatterND', [data, tuples, updates]))).toEqual([7, 3, 9]);
});

it('keeps kernels apart that differ in a number that JSON does not know', async () => {
  const builder = new GraphBuilder('pads');
  const x = builder.input('x', 'float32', [1]);
  const pads = builder.constant(ints(1, 0).tensor);
  for (const [name, fill] of [
    ['low', Number.NEGATIVE_INFINITY],
    ['high', Infinity],
  ] as const) {
    builder.output(name, builder.op('Pad', [x, pads, builder.constant(f32([], [fill]).tensor)]));
  }
  const results = await interpretGraph(builder.build(), { x: f32([1], [5]).tensor });
  expect(elementsOf(results.low)).toEqual([-Infinity, 5]);
  expect(elementsOf(results.high)).toEqual([Infinity, 5]);
});

async function outputOf(op: OpCase): Promise<unknown[]> {
  const results = await interpretGraph(graphOf(op, 'alone'), feedsOf(op));
  return elementsOf(results.y0);
}

function elementsOf(tensor: ReferenceTensor | undefined): (number | bigint)[] {
  return Array.from<number | bigint>(tensor?.data ?? []);
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof CompilerError ? error.code : String(error);
  }
  return undefined;
}

/** Which convolutions the cost model has Winograd's minimal filtering compute. */

import { GraphBuilder, tensorOf } from '@whittle/ir';
import { expect, it } from 'vitest';
import { lowerGraph } from '../src/index.js';
import { testTarget } from './op-cases/interpret-graph.js';

/** With vectors, and costs as those of WebAssembly. */
const target = {
  ...testTarget,
  lanes: 4,
  tileRows: 4,
  tileColumns: 8,
  cacheBytes: 512 * 1024,
  costs: { contraction: 20, depthwise: 10, memory: 10, launch: 20 },
  winograd: 'auto',
} as const;

/** The points of the transformed filter, by its size; 0 where there is none. */
function pointsFor(
  [inputs, outputs, side]: readonly [number, number, number],
  attributes: { readonly group?: number; readonly [name: string]: number | readonly number[] } = {},
  taps = 3,
): number {
  const builder = new GraphBuilder('g');
  const x = builder.input('x', 'float32', [1, inputs, side, side]);
  const dims = [outputs, inputs / (attributes.group ?? 1), taps, taps];
  const count = dims.reduce((product, dim) => product * dim, 1);
  const w = builder.constant(tensorOf('float32', dims, new Array<number>(count).fill(0.5)));
  builder.output('y', builder.op('Conv', [x, w], { pads: [1, 1, 1, 1], ...attributes }));
  const { preparedBytes } = lowerGraph(builder.build(), target);
  return Math.round(Math.sqrt(preparedBytes / (4 * inputs * outputs))) ** 2;
}

it.each([
  ['a stem', [3, 32, 56], 0],
  ['few channels, few pixels', [4, 4, 7], 0],
  ['many pixels', [16, 16, 56], 36],
  ['few pixels, weights in cache', [128, 32, 14], 36],
  ['fewer pixels than a large tile uses well', [32, 32, 5], 16],
  ['few pixels, weights that pass by', [512, 512, 7], 16],
] as const)('of %s: %j has %d points', (_, shape, points) => {
  expect(pointsFor(shape)).toBe(points);
});

it.each([
  ['strides', { strides: [2, 2] }, 3],
  ['dilations', { dilations: [2, 2] }, 3],
  ['groups', { group: 2 }, 3],
  ['five taps', {}, 5],
] as const)('not of %s', (_, attributes, taps) => {
  expect(pointsFor([32, 32, 24], attributes, taps)).toBe(0);
});

it('plans an image of a great many rows at once', () => {
  const rows = 2 ** 22;
  const builder = new GraphBuilder('tall');
  const x = builder.input('x', 'float32', [1, 1, rows, 1]);
  const w = builder.constant(tensorOf('float32', [1, 1, 3, 3], new Array<number>(9).fill(0.5)));
  builder.output('y', builder.op('Conv', [x, w], { pads: [1, 1, 1, 1] }));
  const { preparedBytes } = lowerGraph(builder.build(), target);
  expect(preparedBytes).toBeLessThan(1000);
});

/**
 * Separable convolutions in the tiles of threads and workgroups, interpreted, against what the schedule of
 * bands makes of them; and what holds of every tile.
 */

import { GraphBuilder, planThreadTile, planWorkgroupTile, seededTensor } from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerGraph } from '../src/index.js';
import { planSplit } from '../src/lower/split-product.js';
import { interpretFor, testTarget } from './op-cases/interpret-graph.js';
import type { RunGraph } from './op-cases/run-cases.js';

const grid = { workgroupSize: 64, sharedBytes: 16 * 1024, busyThreads: 512, alignment: 256 };
const onGrid = { ...testTarget, lanes: 4, termsTogether: 4, grid };

const window = fc.record({
  kernel: fc.constantFrom(1, 3, 5),
  stride: fc.constantFrom(1, 2),
  dilation: fc.constantFrom(1, 1, 2),
});

const shapes = fc.record({
  size: fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
  window,
  expandFrom: fc.option(fc.constantFrom(3, 4, 8)),
  channels: fc.constantFrom(4, 8, 24, 36, 5),
  outputs: fc.constantFrom(4, 12, 32, 7),
  isLast: fc.boolean(),
  isResidual: fc.boolean(),
  batch: fc.constantFrom(1, 2),
});

type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

/** A `SeparableConv` of the shape on an input `x`, as passes write it; `isLast` leaves out the pointwise one. */
function graphOf(shape: Shape) {
  const { size, window: w, expandFrom, channels, outputs, isResidual, batch } = shape;
  const isFilterLast = shape.isLast && expandFrom !== null;
  const builder = new GraphBuilder('separable');
  const x = builder.input('x', 'float32', [batch, expandFrom ?? channels, ...size]);
  const weight = (seed: number, ...dims: number[]) =>
    builder.constant(seededTensor('float32', dims, seed));
  const pad = ((w.kernel - 1) * w.dilation) >> 1;
  const sizes = size.map((n) => Math.floor((n - 1) / w.stride) + 1);
  const depth = isFilterLast ? channels : outputs;
  const y = builder.op(
    'SeparableConv',
    [
      x,
      weight(1, channels, 1, w.kernel, w.kernel),
      isFilterLast ? undefined : weight(2, outputs, channels, 1, 1),
      weight(3, channels),
      isFilterLast ? undefined : weight(4, outputs),
      isResidual ? weight(5, batch, depth, ...sizes) : undefined,
      expandFrom === null ? undefined : weight(6, channels, expandFrom, 1, 1),
      expandFrom === null ? undefined : weight(7, channels),
    ],
    {
      pads: [pad, pad, pad, pad],
      strides: [w.stride, w.stride],
      dilations: [w.dilation, w.dilation],
      band_rows: 2,
      activation: 'Relu',
      ...(isFilterLast ? {} : { depthwise_activation: 'Relu' }),
      ...(expandFrom === null ? {} : { expand_activation: 'Relu' }),
    },
  );
  builder.output('y', y);
  return builder.build();
}

function numbersOf(results: Awaited<ReturnType<RunGraph>>): number[] {
  return Array.from(results.y?.data ?? [], Number);
}

describe('separable convolutions on a grid', () => {
  it('give what bands of rows give', async () => {
    const kernels = new Set<string>();
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const graph = graphOf(shape);
        const [input] = graph.inputs;
        const dims = input?.type?.dims.map(Number) ?? [];
        const feeds = { x: { ...seededTensor('float32', dims, 9), dtype: 'float32' } as const };
        const expected = numbersOf(await interpretFor(testTarget)(graph, feeds));
        const results = numbersOf(await interpretFor(onGrid)(graph, feeds));
        for (const { name } of lowerGraph(graph, onGrid).kernels) kernels.add(name);
        const largest = Math.max(...expected.map(Math.abs));
        expect(results.length).toBe(expected.length);
        expected.forEach((value, i) => {
          expect(Math.abs(value - (results[i] ?? Number.NaN))).toBeLessThanOrEqual(1e-5 * largest);
        });
      }),
      { numRuns: 60 },
    );
    // All three schedules had their turn.
    const met = [...kernels].join(' ');
    expect(met).toContain('conv_separable');
    expect(met).toContain('inverted_residual');
    expect(met).toContain('conv_expand_depthwise');
  });

  it('are tiled without a rest, within what a workgroup and a thread have', () => {
    const planned = fc.record({
      rows: fc.integer({ min: 1, max: 120 }),
      columns: fc.integer({ min: 1, max: 120 }),
      windows: fc.tuple(window, window),
      expandFrom: fc.constantFrom(undefined, 16, 24),
      channels: fc.integer({ min: 1, max: 60 }).map((n) => n * 4),
      outputs: fc.integer({ min: 1, max: 60 }).map((n) => n * 4),
    });
    fc.assert(
      fc.property(planned, (shape) => {
        const tile = planWorkgroupTile(shape, grid);
        if (tile !== undefined) {
          const pixels = tile.rows * tile.columns;
          const expanded = shape.expandFrom === undefined ? 0 : tile.seenRows * tile.seenColumns;
          const sums = tile.chunk < shape.channels ? pixels * tile.outputs : 0;
          expect((expanded + pixels) * tile.chunk + sums).toBeLessThanOrEqual(4096);
          expect(shape.rows % tile.rows).toBe(0);
          expect(shape.columns % tile.columns).toBe(0);
          expect(tile.columns % tile.run).toBe(0);
          expect(shape.channels % tile.chunk).toBe(0);
          expect(shape.outputs % tile.outputs).toBe(0);
        }
        const thread = planThreadTile(shape, grid.busyThreads);
        expect(shape.columns % (thread?.run ?? 0)).toBe(0);
        expect(shape.outputs % (thread?.outputs ?? 0)).toBe(0);
        expect((thread?.run ?? 0) * (thread?.outputs ?? 0)).toBeLessThanOrEqual(96);
      }),
    );
  });

  it('long sums are split where threads are few, and only there', () => {
    const shape = { batches: 1, rows: 1, columns: 1000, depth: 1280 };
    expect(planSplit(onGrid, shape)).toMatchObject({ rows: 1 });
    expect(planSplit(onGrid, { ...shape, rows: 64 })).toBeUndefined();
    expect(planSplit(onGrid, { ...shape, depth: 31 })).toBeUndefined();
    expect(planSplit(onGrid, { ...shape, columns: 1001 })).toBeUndefined();
    expect(planSplit(testTarget, shape)).toBeUndefined();
  });
});

/** What docs/design/separable.md says of the fused kernels, held against kernels that run. */

import { describe, expect, it } from 'vitest';
import { traceSeparable } from '../trace-kernel.js';

const shapes = [
  { size: 8, channels: 2, expanded: 4, kernel: 3, stride: 1, bandRows: 2 },
  { size: 8, channels: 2, expanded: 4, kernel: 3, stride: 2, bandRows: 2 },
  { size: 9, channels: 2, expanded: 4, kernel: 3, stride: 1, bandRows: 4 },
  { size: 9, channels: 2, expanded: 4, kernel: 5, stride: 2, bandRows: 1 },
  { size: 7, channels: 2, expanded: 4, kernel: 5, stride: 1, bandRows: 7 },
];

describe.each(shapes)('$size rows, $kernel taps, stride $stride, bands of $bandRows', (shape) => {
  const bands = traceSeparable(shape);
  const { size, kernel, stride, bandRows } = shape;
  const outputRows = Math.ceil(size / stride);

  it('expands every row once, and gives every output row once', () => {
    const expanded = bands.flatMap(({ read }) => [...read]);
    expect(expanded).toEqual(rowsTo(Math.min(size, (outputRows - 1) * stride + (kernel >> 1) + 1)));
    expect(bands.flatMap(({ written }) => [...written])).toEqual(rowsTo(outputRows));
  });

  it('has a slot for each row that a band sees, and keeps row t in slot t modulo their number', () => {
    const slots = bandRows * stride + kernel - stride;
    for (const [i, band] of bands.entries()) {
      const first = i * bandRows * stride;
      const seen = rowsTo((band.written.size - 1) * stride + kernel).map((row) => first + row);
      const held = seen.map((t) => band.slots.get(t % slots));
      const rows = seen.map((t) => t - (kernel >> 1));
      expect(held).toEqual(rows.map((row) => (row < 0 || row >= size ? 'zeros' : row)));
    }
  });
});

function rowsTo(end: number): number[] {
  return Array.from({ length: end }, (_, row) => row);
}

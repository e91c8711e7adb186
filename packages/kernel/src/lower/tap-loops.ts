/**
 * Loops over the taps of a convolution. Taps that see nothing but padding add nothing: where that is a
 * good part of them, as in dilated convolutions of small images, the loops leave out those that no
 * pixel of the tile sees inside of the image.
 */

import type { Block } from '../block.js';
import { add, floordiv, index, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { Pixels } from './convolution-shape.js';
import { ceildiv, maxIndex, minIndex } from './index-math.js';
import type { Window } from './window.js';

/** Calls `body` inside the loops with one tap for each axis. */
export function overTaps(
  block: Block,
  windows: readonly Window[],
  pixels: Pixels,
  body: (inner: Block, taps: readonly Expr[]) => void,
): void {
  const nest = (inner: Block, taps: readonly Expr[]): void => {
    const axis = taps.length;
    const window = windows[axis];
    if (window === undefined) {
      body(inner, taps);
      return;
    }
    const deeper = (next: Block, tap: Expr): void => nest(next, [...taps, tap]);
    if (!leavesOutTaps(window)) {
      inner.for('d', window.kernel, deeper);
      return;
    }
    const count = axis === windows.length - 1 ? pixels.count : 1;
    const [first, end] = tapsInside(window, pixels.first[axis] ?? index(0), count);
    inner.for('d', inner.let('end', end), deeper, 1, inner.let('first', first));
  };
  nest(block, []);
}

/** Whether the loop over an axis' taps leaves out those in the padding. */
export function leavesOutTaps(window: Window): boolean {
  return shareInPadding(window) >= worthBounds;
}

/** With less than this in the padding, loops of constant bounds are faster. */
const worthBounds = 0.25;

/** The share of an axis' taps, over all of its output positions, that lie outside of the image. */
function shareInPadding({ input, output, kernel, stride, dilation, padBefore }: Window): number {
  if (output * kernel === 0) return 0;
  let outside = 0;
  for (let tap = 0; tap < kernel; tap++) {
    const start = tap * dilation - padBefore;
    // Of the positions start + o · stride, those from 0 up to the image's end.
    const first = Math.max(0, Math.ceil(-start / stride));
    const end = Math.min(output, Math.ceil((input - start) / stride));
    outside += output - Math.max(0, end - first);
  }
  return outside / (output * kernel);
}

/** The taps from the first that the last of the pixels sees inside up to the last that the first sees. */
function tapsInside(
  { input, kernel, stride, dilation, padBefore }: Window,
  position: Expr,
  count: number,
): readonly [first: Expr, end: Expr] {
  const start = sub(mul(position, index(stride)), index(padBefore));
  const lastStart = add(start, index((count - 1) * stride));
  const first = ceildiv(sub(index(0), lastStart), dilation);
  const end = add(floordiv(sub(index(input - 1), start), dilation), index(1));
  return [maxIndex(index(0), first), minIndex(index(kernel), end)];
}

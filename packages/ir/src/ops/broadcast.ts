/**
 * Multidirectional broadcasting: dims are aligned at the right, a missing dim or a 1 repeats.
 */

import { type Dim, dimEquals, formatDims, isBound, maxDims } from '../dim.js';
import type { InferContext } from '../op-record.js';

/** The dims of several operands broadcast together. Fails where two numbers above 1 differ. */
export function broadcastDims(
  context: InferContext,
  operands: readonly (readonly Dim[])[],
): readonly Dim[] {
  return operands.reduce((a, b) => broadcastPair(context, a, b), []);
}

function broadcastPair(
  context: InferContext,
  a: readonly Dim[],
  b: readonly Dim[],
): readonly Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    return (
      broadcastDim(left, right) ??
      context.fail(`cannot broadcast ${formatDims(a)} with ${formatDims(b)}`)
    );
  });
}

/**
 * One dim of two. Of a number above 1 and a name, the number wins; two different names are the
 * larger of both, right for every binding that broadcasts without a zero.
 */
function broadcastDim(a: Dim, b: Dim): Dim | undefined {
  if (a === 1 || dimEquals(a, b)) return b;
  if (b === 1) return a;
  if (isBound(a)) return isBound(b) ? undefined : a;
  return isBound(b) ? b : maxDims(a, b);
}

/** Whether a tensor of dims `from` broadcasts to `to` without changing `to`; undefined: unknown. */
export function broadcastsTo(from: readonly Dim[], to: readonly Dim[]): boolean | undefined {
  if (from.length > to.length) return false;
  let known = true;
  for (const [i, dim] of from.entries()) {
    const target = to[to.length - from.length + i];
    if (target === undefined) return false;
    if (dim === 1 || dimEquals(dim, target)) continue;
    if (isBound(dim) && isBound(target)) return false;
    known = false;
  }
  return known ? true : undefined;
}

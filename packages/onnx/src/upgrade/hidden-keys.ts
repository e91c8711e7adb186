/**
 * What hides keys from queries, as `com.microsoft` says it: a mask of numbers, 0 being hidden, or how many
 * keys of each batch there are.
 */

import { addDims, type Dim, int64Tensor, isBound, tensorOf, type Value } from '@whittle/ir';
import { scalarLike } from './node-edits.js';
import type { UpgradeContext } from './upgrade.js';

interface Around {
  readonly q: Value | undefined;
  readonly k: Value | undefined;
  /** [B,H,P,D] */
  readonly past: Value | undefined;
  /** What is added to the product of a query with a hidden key. */
  readonly filter: number;
}

/**
 * What is added to the products [B,H,S,T]: 0, or the filter value where a key is hidden.
 * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for other forms of masks.
 */
export function hiddenKeys(mask: Value, around: Around, context: UpgradeContext): Value {
  const { q, filter } = around;
  const seen = seenKeys(mask, around, context);
  const like = q ?? mask;
  const numbers = [0, filter].map((number) => scalarLike(number, like, context));
  const added = context.emit('Where', [seen, ...numbers]);
  const length = lengthOf(q);
  if (!isNumber(length)) return added;
  // onnxruntime wants a row for each query.
  return context.emit('Expand', [added, context.constant(int64Tensor([1, 1, length, 1]))]);
}

/** Whether a key is seen, [B,1,1,T] or [B,1,S,T]. */
function seenKeys(mask: Value, around: Around, context: UpgradeContext): Value {
  const rank = mask.type?.dims.length;
  const axes = (...list: number[]) => context.constant(int64Tensor(list));
  if (rank === 1) {
    return context.emit('Unsqueeze', [keysWithin(mask, around, context), axes(1, 2)]);
  }
  if (rank !== 2 && rank !== 3) throw context.unsupported('has a mask of four axes');
  const seen = context.emit('Greater', [mask, scalarLike(0, mask, context)]);
  return context.emit('Unsqueeze', [seen, rank === 2 ? axes(1, 2) : axes(1)]);
}

/** [B,T] of where the keys of each batch end, and after all of those where they start. */
function keysWithin(bounds: Value, { q, k, past }: Around, context: UpgradeContext): Value {
  const batch = q?.type?.dims[0];
  const own = lengthOf(k);
  const total = own && addDims(own, past?.type?.dims[2] ?? 0);
  const [count] = bounds.type?.dims ?? [];
  if (!isNumber(batch) || !isNumber(total) || !isNumber(count)) {
    throw context.unsupported('counts its keys, but has unknown sizes');
  }
  if (count !== batch && count !== 2 * batch) throw context.unsupported('has cumulative lengths');
  const shape = context.constant(int64Tensor([-1, batch, 1]));
  const columns = context.emit('Reshape', [bounds, shape]);
  const bound = (at: number) =>
    context.emit('Gather', [columns, context.constant(tensorOf('int64', [], [at]))]);
  const keys = Array.from({ length: total }, (_, i) => i);
  const places = context.constant(tensorOf('int32', [total], keys));
  const before = context.emit('Less', [places, bound(0)]);
  if (count === batch) return before;
  return context.emit('And', [before, context.emit('GreaterOrEqual', [places, bound(1)])]);
}

/** Of [B,S,H·D] or [B,H,S,D]. */
function lengthOf(value: Value | undefined): Dim | undefined {
  return value?.type?.dims.at(-2);
}

/** A dim as a number, up to which indices can be written out. */
function isNumber(dim: Dim | undefined): dim is number {
  return dim !== undefined && isBound(dim) && dim <= 1 << 20;
}

/** The terms of an Einsum: values whose axes bear labels, and what is done to one of them. */

import { int64Tensor, type Rewriter, type Value } from '@whittle/ir';

export interface Term {
  /** Of dims that are all numbers. */
  readonly value: Value;
  /** One for each axis. */
  readonly labels: readonly string[];
}

/** How many elements lie along a label; 1 if the term does not have it. */
export function sizeOf({ value, labels }: Term, label: string): number {
  const dim = value.type?.dims[labels.indexOf(label)];
  return typeof dim === 'number' ? dim : 1;
}

/** A dim of 0 is one of no elements, not one to be copied. */
export function reshaped(rewriter: Rewriter, value: Value, dims: readonly number[]): Value {
  const now = value.type?.dims ?? [];
  if (now.length === dims.length && now.every((dim, axis) => dim === dims[axis])) return value;
  return rewriter.op('Reshape', [value, rewriter.constant(int64Tensor(dims))], { allowzero: 1 });
}

/** The axes in the order of `labels`, which are all of the term's. */
export function arranged(rewriter: Rewriter, term: Term, labels: readonly string[]): Value {
  const perm = labels.map((label) => term.labels.indexOf(label));
  const stays = perm.every((axis, i) => axis === i);
  return stays ? term.value : rewriter.op('Transpose', [term.value], { perm });
}

/** The value over all of `labels`, of size 1 along those that the term lacks. */
export function spreadOver(rewriter: Rewriter, term: Term, labels: readonly string[]): Value {
  const own = labels.filter((label) => term.labels.includes(label));
  const dims = labels.map((label) => sizeOf(term, label));
  return reshaped(rewriter, arranged(rewriter, term, own), dims);
}

/** Without axes of size 1, which broadcast along what others have under that label. */
export function withoutUnits(rewriter: Rewriter, { value, labels }: Term): Term {
  const dims = value.type?.dims ?? [];
  const kept = labels.flatMap((label, axis) => {
    const dim = dims[axis];
    return typeof dim === 'number' && dim !== 1 ? [{ label, dim }] : [];
  });
  return {
    value: reshaped(
      rewriter,
      value,
      kept.map(({ dim }) => dim),
    ),
    labels: kept.map(({ label }) => label),
  };
}

/**
 * Each label once. Of two axes of n elements that lie behind the others and are joined, every (n + 1)st
 * element is on the diagonal.
 */
export function diagonals(rewriter: Rewriter, term: Term): Term {
  const { value, labels } = term;
  const twice = labels.find((label, axis) => labels.indexOf(label) !== axis);
  if (twice === undefined) return term;
  const first = labels.indexOf(twice);
  const second = labels.indexOf(twice, first + 1);
  const others = labels.flatMap((_, axis) => (axis === first || axis === second ? [] : [axis]));
  const turned = rewriter.op('Transpose', [value], { perm: [...others, first, second] });
  const outer = others.map((axis) => labels[axis] ?? '');
  const size = sizeOf(term, twice);
  const outerDims = (turned.type?.dims ?? []).slice(0, -2).map(Number);
  const flat = reshaped(rewriter, turned, [...outerDims, size * size]);
  const only = (element: number): Value => rewriter.constant(int64Tensor([element]));
  const bounds = [only(0), only(size * size), only(outer.length), only(size + 1)];
  const line = rewriter.op('Slice', [flat, ...bounds]);
  return diagonals(rewriter, { value: line, labels: [...outer, twice] });
}

/** Summed over the labels that are not in `needed`. */
export function summed(rewriter: Rewriter, term: Term, needed: ReadonlySet<string>): Term {
  const { value, labels } = term;
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  if (axes.length === 0) return term;
  const over = rewriter.constant(int64Tensor(axes));
  return {
    value: rewriter.op('ReduceSum', [value, over], { keepdims: 0 }),
    labels: labels.filter((label) => needed.has(label)),
  };
}

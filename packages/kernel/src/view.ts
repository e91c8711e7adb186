/**
 * Views: how the elements of a tensor lie in a flat buffer. Layout (row-major, channels-last), zero
 * halo for padding, slices, transposes, broadcasts and the parts of a concatenation are all one
 * thing here: an offset and a stride for each axis. Axes keep the order the graph gives them (N, C,
 * H, W), whatever their order in memory.
 *
 * Idea: NumPy's strided arrays; tinygrad's ShapeTracker.
 */

import type { DType } from '@whittle/ir';
import { add, type Expr, index, mul } from './expr.js';

export interface View {
  readonly buffer: string;
  readonly dtype: Exclude<DType, 'string'>;
  readonly dims: readonly number[];
  /** Elements from one position of an axis to the next; 0 on an axis that is broadcast. */
  readonly strides: readonly number[];
  /** Elements from the start of the buffer to index 0 of every axis. */
  readonly offset: number;
}

/** The strides of dense row-major data: the last axis is contiguous. */
export function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= dims[axis] ?? 1;
  }
  return strides;
}

/** Whether the elements are dense and row-major from `offset` on; axes of extent 1 do not matter. */
export function isRowMajor(view: View): boolean {
  const dense = rowMajorStrides(view.dims);
  return view.dims.every((dim, axis) => dim === 1 || view.strides[axis] === dense[axis]);
}

/**
 * The position of an element, counted from the view's own offset. Coordinates before 0 or beyond the
 * dims lie in the halo, also around an axis of extent 1.
 */
export function positionOf(view: View, at: readonly Expr[]): Expr {
  let sum: Expr = index(0);
  view.strides.forEach((stride, axis) => {
    const coordinate = at[axis];
    if (coordinate !== undefined && stride !== 0) {
      sum = add(sum, mul(coordinate, index(stride)));
    }
  });
  return sum;
}

/** The axes from the slowest to the fastest in memory; ties keep the graph's order. */
export function axesInMemoryOrder(view: View): number[] {
  const strideOf = (axis: number): number => view.strides[axis] ?? 0;
  return view.dims.map((_, axis) => axis).sort((a, b) => strideOf(b) - strideOf(a) || a - b);
}

/** The axes in another order: axis `i` of the result is axis `order[i]` of the view. */
export function transposeView(view: View, order: readonly number[]): View {
  return {
    ...view,
    dims: order.map((axis) => view.dims[axis] ?? 1),
    strides: order.map((axis) => view.strides[axis] ?? 0),
  };
}

/** A run of positions of one axis, every `step`-th, beginning at `start`; `step` may be negative. */
export function sliceView(
  view: View,
  axis: number,
  start: number,
  length: number,
  step: number,
): View {
  const stride = view.strides[axis] ?? 0;
  return {
    ...view,
    dims: view.dims.map((dim, i) => (i === axis ? length : dim)),
    strides: view.strides.map((s, i) => (i === axis ? s * step : s)),
    offset: view.offset + start * stride,
  };
}

/** The same elements broadcast to `dims`, by the rule of NumPy; undefined where that fits not. */
export function broadcastView(view: View, dims: readonly number[]): View | undefined {
  const lead = dims.length - view.dims.length;
  if (lead < 0) return undefined;
  const strides: number[] = [];
  for (const [axis, dim] of dims.entries()) {
    const own = axis < lead ? 1 : (view.dims[axis - lead] ?? 1);
    if (own !== dim && own !== 1) return undefined;
    strides.push(own === 1 ? 0 : (view.strides[axis - lead] ?? 0));
  }
  return { ...view, dims: [...dims], strides };
}

/**
 * The same elements under other dims, where strides can say it; undefined where the elements would
 * have to move. Splitting an axis always works; merging axes needs them adjacent in memory.
 */
export function reshapeView(view: View, dims: readonly number[]): View | undefined {
  if (dims.includes(0) || view.dims.includes(0)) return undefined;
  const old = view.dims.flatMap((dim, axis) =>
    dim === 1 ? [] : [{ dim, stride: view.strides[axis] ?? 0 }],
  );
  const strides = new Array<number>(dims.length).fill(0);
  let from = 0;
  let to = 0;
  while (from < old.length) {
    const group = mergeRun(old, from, dims, to);
    if (group === undefined) return undefined;
    let stride = group.stride;
    for (let axis = group.toEnd - 1; axis >= to; axis--) {
      strides[axis] = stride;
      stride *= dims[axis] ?? 1;
    }
    from = group.fromEnd;
    to = group.toEnd;
  }
  return { ...view, dims: [...dims], strides };
}

interface Run {
  readonly fromEnd: number;
  readonly toEnd: number;
  readonly stride: number;
}

/** The shortest runs of old and new axes with equal element counts, if the old run is mergeable. */
function mergeRun(
  old: readonly { readonly dim: number; readonly stride: number }[],
  from: number,
  dims: readonly number[],
  to: number,
): Run | undefined {
  let fromEnd = from + 1;
  let toEnd = to + 1;
  let oldCount = old[from]?.dim ?? 1;
  let newCount = dims[to] ?? 1;
  while (oldCount !== newCount) {
    if (newCount < oldCount) {
      if (toEnd >= dims.length) return undefined;
      newCount *= dims[toEnd++] ?? 1;
    } else {
      const before = old[fromEnd - 1];
      const after = old[fromEnd];
      if (before === undefined || after === undefined) return undefined;
      if (before.stride !== after.stride * after.dim) return undefined;
      oldCount *= after.dim;
      fromEnd++;
    }
  }
  const last = old[fromEnd - 1];
  return last === undefined ? undefined : { fromEnd, toEnd, stride: last.stride };
}

/**
 * TensorFlow's SAME padding: zeros such that the window takes `ceil(size / stride)` positions. What
 * is odd goes behind.
 *
 * ONNX's `auto_pad = "SAME_UPPER"` is the same rule, dilations included; but onnxruntime refuses it
 * beside dilations, so pads are written as numbers wherever they are known.
 *
 * Source: the section on padding of the reference of `tf.nn.convolution`.
 */

import { type Dim, isBound } from '../dim.js';

/** A window along one axis: taps, the step between positions, and the distance between taps. */
export interface WindowAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * The zeros before and behind an axis of `size` elements; undefined where they depend on a size
 * that is not known. At stride 1 they depend on none.
 */
export function samePadding(
  size: Dim,
  { kernel, stride, dilation }: WindowAxis,
): readonly [before: number, after: number] | undefined {
  const reach = (kernel - 1) * dilation;
  if (stride === 1) return halves(reach);
  if (!isBound(size)) return undefined;
  const lastStart = (Math.ceil(size / stride) - 1) * stride;
  return halves(Math.max(lastStart + reach + 1 - size, 0));
}

function halves(total: number): readonly [before: number, after: number] {
  const before = Math.floor(total / 2);
  return [before, total - before];
}

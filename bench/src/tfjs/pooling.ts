/** Pooling over windows, with ceil_mode as padding at the end where it is of the maximum. */

import * as tf from '@tensorflow/tfjs';
import { type Node, requiredAttribute } from '@whittle/ir';

import { outputOf, padsOf, pairOf, unsupported } from './node-parts.js';
import { imageOf, type Step, unary } from './step.js';

export function maxPool(node: Node): Step {
  const kernel = pairOf(node, 'kernel_shape');
  const strides = pairOf(node, 'strides');
  if (pairOf(node, 'dilations').some((dilation) => dilation !== 1)) {
    throw unsupported(node, 'dilations');
  }
  const [top, left, bottom, right] = padsOf(node);
  return unary(node, (x) => {
    const image = imageOf(x);
    const [rows, columns] = outputImage(node);
    // A last window that reaches over the edge, as ceil_mode allows, is padding at the end.
    const reach = (out: number, axis: 0 | 1) => (out - 1) * strides[axis] + kernel[axis];
    const below = Math.max(bottom, reach(rows, 0) - image.shape[1] - top);
    const beyond = Math.max(right, reach(columns, 1) - image.shape[2] - left);
    const sides: [[0, 0], [number, number], [number, number], [0, 0]] = [
      [0, 0],
      [top, below],
      [left, beyond],
      [0, 0],
    ];
    return tf.maxPool(image, kernel, strides, sides);
  });
}

export function averagePool(node: Node): Step {
  const kernel = pairOf(node, 'kernel_shape');
  const strides = pairOf(node, 'strides');
  const isPlain =
    padsOf(node).every((pad) => pad === 0) &&
    pairOf(node, 'dilations').every((dilation) => dilation === 1) &&
    requiredAttribute(node, 'auto_pad', 'string') === 'NOTSET' &&
    requiredAttribute(node, 'ceil_mode', 'int') === 0;
  if (!isPlain) throw unsupported(node, 'windows that reach over the edge');
  return unary(node, (x) => tf.avgPool(imageOf(x), kernel, strides, 'valid'));
}

function outputImage(node: Node): [number, number] {
  const [, , rows, columns] = outputOf(node).type?.dims ?? [];
  if (typeof rows === 'number' && typeof columns === 'number') return [rows, columns];
  throw unsupported(node, 'an output of unknown size');
}

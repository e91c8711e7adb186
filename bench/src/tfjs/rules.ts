/** How TensorFlow.js computes each op, one rule an op. */

import * as tf from '@tensorflow/tfjs';
import { type Node, requiredAttribute, type Value } from '@whittle/ir';

import { convolution } from './convolution.js';
import { maxPool } from './max-pool.js';
import {
  clipBounds,
  constantAt,
  floatsOf,
  inputAt,
  numbersAt,
  outputOf,
  unsupported,
} from './node-parts.js';
import { operand, type Rule, type Step, unary } from './step.js';

export const rules: Readonly<Record<string, Rule>> = {
  Conv: convolution,
  BatchNormalization: (node) => {
    const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) =>
      tf.tensor1d(numbersAt(node, i)),
    );
    if (!scale || !offset || !mean || !variance) throw unsupported(node, 'fewer than five inputs');
    const epsilon = requiredAttribute(node, 'epsilon', 'float');
    return unary(node, (x) => tf.batchNorm(x, mean, variance, offset, scale, epsilon));
  },
  Relu: (node) => unary(node, tf.relu),
  Clip: (node) => {
    const [low, high] = clipBounds(node);
    return unary(node, (x) => tf.clipByValue(x, low, high));
  },
  Add: (node) => ({
    reads: [inputAt(node, 0), inputAt(node, 1)],
    writes: outputOf(node),
    run: (a, b) => tf.add(operand(a), operand(b)),
  }),
  Concat: (node) => {
    const reads = node.inputs.map((_, i) => inputAt(node, i));
    const axis = nhwcAxis(requiredAttribute(node, 'axis', 'int'), rankOf(outputOf(node)));
    return { reads, writes: outputOf(node), run: (...parts) => tf.concat(parts, axis) };
  },
  MaxPool: maxPool,
  GlobalAveragePool: (node) => unary(node, (x) => tf.mean(x, [1, 2], true)),
  Flatten: (node) => {
    if (requiredAttribute(node, 'axis', 'int') !== 1) throw unsupported(node, 'an axis but 1');
    return unary(node, (x) => {
      const [batch = 1] = x.shape;
      return tf.reshape(x.rank === 4 ? tf.transpose(x, [0, 3, 1, 2]) : x, [batch, -1]);
    });
  },
  Gemm: dense,
};

function dense(node: Node): Step {
  const [alpha, beta] = ['alpha', 'beta'].map((name) => requiredAttribute(node, name, 'float'));
  if (alpha !== 1 || beta !== 1) throw unsupported(node, 'alpha or beta but 1');
  const b = constantAt(node, 1);
  const [rows = 0, columns = 0] = b.dims;
  const matrix = tf.tensor2d(floatsOf(b), [rows, columns]);
  const turned = requiredAttribute(node, 'transB', 'int') === 1 ? tf.transpose(matrix) : matrix;
  const bias = node.inputs[2] === undefined ? {} : { bias: tf.tensor1d(numbersAt(node, 2)) };
  return unary(node, (a) => tf.fused.matMul({ a, b: turned, ...bias }));
}

/** Where an axis of an NCHW tensor is in the same tensor as NHWC; other ranks keep their axes. */
function nhwcAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return rank === 4 ? ([0, 3, 1, 2][positive] ?? positive) : positive;
}

function rankOf(value: Value): number {
  return value.type?.dims.length ?? 0;
}

/** How TensorFlow.js computes each op, one rule an op. */

import * as tf from '@tensorflow/tfjs';
import { type Node, requiredAttribute, type Value } from '@whittle/ir';

import { splitChannels } from './by-groups.js';
import { channelShuffle } from './channel-shuffle.js';
import { convolution } from './convolution.js';
import {
  clipBounds,
  constantAt,
  floatsOf,
  inputAt,
  numbersAt,
  outputOf,
  unsupported,
} from './node-parts.js';
import { averagePool, maxPool } from './pooling.js';
import { binary, imageOf, operand, type Rule, type Step, unary } from './step.js';

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
  Sigmoid: (node) => unary(node, tf.sigmoid),
  HardSigmoid: (node) => {
    const alpha = requiredAttribute(node, 'alpha', 'float');
    const beta = requiredAttribute(node, 'beta', 'float');
    return unary(node, (x) => tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1));
  },
  HardSwish: (node) => unary(node, (x) => tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6))),
  Add: (node) => binary(node, tf.add),
  Mul: (node) => binary(node, tf.mul),
  Concat: (node) => {
    const reads = node.inputs.map((_, i) => inputAt(node, i));
    const axis = nhwcAxis(requiredAttribute(node, 'axis', 'int'), rankOf(outputOf(node)));
    return { reads, writes: [outputOf(node)], run: (...parts) => [tf.concat(parts, axis)] };
  },
  Split: split,
  Reshape: channelShuffle,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: (node) => unary(node, (x) => tf.mean(x, [1, 2], true)),
  ReduceMean: (node) => {
    if (numbersAt(node, 1).join() !== '2,3') throw unsupported(node, 'other axes than the image');
    const keeps = requiredAttribute(node, 'keepdims', 'int') === 1;
    return unary(node, (x) => tf.mean(imageOf(x), [1, 2], keeps));
  },
  Flatten: (node) => {
    if (requiredAttribute(node, 'axis', 'int') !== 1) throw unsupported(node, 'an axis but 1');
    return unary(node, (x) => {
      const [batch = 1] = x.shape;
      return tf.reshape(x.rank === 4 ? tf.transpose(x, [0, 3, 1, 2]) : x, [batch, -1]);
    });
  },
  Gemm: dense,
};

/** Of the channels of an image, in equal parts. */
function split(node: Node): Step {
  const image = inputAt(node, 0);
  const sizes = numbersAt(node, 1);
  const writes = node.outputs.flatMap((output) => output ?? []);
  const isEqual = sizes.length === writes.length && new Set(sizes).size === 1;
  const axis = requiredAttribute(node, 'axis', 'int');
  if (!isEqual || axis !== 1 || rankOf(image) !== 4) {
    throw unsupported(node, 'anything but equal parts of the channels');
  }
  return {
    reads: [image],
    writes,
    run: (x) => splitChannels(imageOf(operand(x)), sizes.length),
  };
}

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

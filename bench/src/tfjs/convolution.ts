/** Convolution with bias and activation, as one fused op of TensorFlow.js. */

import * as tf from '@tensorflow/tfjs';
import { type GraphUses, type Node, requiredAttribute, type Value } from '@whittle/ir';

import {
  clipBounds,
  constantAt,
  floatsOf,
  inputAt,
  numbersAt,
  outputOf,
  padsOf,
  pairOf,
  quadOf,
  unsupported,
} from './node-parts.js';
import { imageOf, operand, type Step } from './step.js';

export function convolution(node: Node, uses: GraphUses): Step {
  const filters = constantAt(node, 1);
  const [channels = 0, inPerGroup = 0] = filters.dims;
  const group = requiredAttribute(node, 'group', 'int');
  const strides = pairOf(node, 'strides');
  const dilations = pairOf(node, 'dilations');
  const bias = node.inputs[2] === undefined ? undefined : tf.tensor1d(numbersAt(node, 2));
  const { activation, fuses, writes } = activationAfter(node, uses);
  const { pad, before } = paddingOf(node);
  const shared = { strides, dilations, pad, activation, ...(bias ? { bias } : {}) };
  const oihw = tf.tensor4d(floatsOf(filters), quadOf(filters.dims));

  const done = (run: (x: tf.Tensor4D) => tf.Tensor): Step => ({
    reads: [inputAt(node, 0)],
    writes,
    ...(fuses ? { fuses } : {}),
    run: (x) => run(before(imageOf(operand(x)))),
  });
  if (group === 1) {
    const filter = tf.transpose(oihw, [2, 3, 1, 0]);
    return done((x) => tf.fused.conv2d({ ...shared, x, filter }));
  }
  if (inPerGroup === 1) {
    // TensorFlow's layout is [h, w, in, multiplier], and output channels are in that same order.
    const [, , height, width] = quadOf(filters.dims);
    const ordered = tf.transpose(oihw, [2, 3, 0, 1]);
    const filter = tf.reshape(ordered, [height, width, group, channels / group]) as tf.Tensor4D;
    return done((x) => tf.fused.depthwiseConv2d({ ...shared, x, filter }));
  }
  throw unsupported(node, `${group} groups of ${inPerGroup} channels`);
}

/** The activation that is the only reader of a convolution, and the value behind it. */
function activationAfter(
  node: Node,
  uses: GraphUses,
): { activation: 'linear' | 'relu' | 'relu6'; fuses?: Node; writes: Value } {
  const output = outputOf(node);
  const [reader, ...others] = uses.consumersOf(output);
  if (reader && others.length === 0 && !uses.isOutput(output)) {
    if (reader.op === 'Relu') {
      return { activation: 'relu', fuses: reader, writes: outputOf(reader) };
    }
    if (reader.op === 'Clip' && clipBounds(reader).join() === '0,6') {
      return { activation: 'relu6', fuses: reader, writes: outputOf(reader) };
    }
  }
  return { activation: 'linear', writes: output };
}

/** TensorFlow.js pads all sides alike, or by SAME; other pads are a step before. */
function paddingOf(node: Node): {
  pad: number | 'same' | 'valid';
  before: (x: tf.Tensor4D) => tf.Tensor4D;
} {
  const before = (x: tf.Tensor4D): tf.Tensor4D => x;
  const automatic = requiredAttribute(node, 'auto_pad', 'string');
  if (automatic === 'SAME_UPPER') return { pad: 'same', before };
  if (automatic !== 'NOTSET') throw unsupported(node, `auto_pad ${automatic}`);
  const pads = padsOf(node);
  if (new Set(pads).size === 1) return { pad: pads[0], before };
  const [top, left, bottom, right] = pads;
  return {
    pad: 'valid',
    before: (x) =>
      tf.pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
  };
}

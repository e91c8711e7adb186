/** Convolution with bias and activation, as one fused op of TensorFlow.js. */

import * as tf from '@tensorflow/tfjs';
import { type GraphUses, type Node, requiredAttribute, type Tensor, type Value } from '@whittle/ir';

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
import { imageOf, operand, type Step, type TfjsOptions } from './step.js';

export function convolution(node: Node, uses: GraphUses, { pointwise }: TfjsOptions): Step {
  const { activation, fuses, writes } = activationAfter(node, uses);
  const { pad, before } = paddingOf(node);
  const form: Form = {
    filters: constantAt(node, 1),
    group: requiredAttribute(node, 'group', 'int'),
    pad,
    options: {
      strides: pairOf(node, 'strides'),
      dilations: pairOf(node, 'dilations'),
      activation,
      ...(node.inputs[2] === undefined ? {} : { bias: tf.tensor1d(numbersAt(node, 2)) }),
    },
  };
  const dense = pointwise === 'matMul' && isPointwise(form) ? asProduct : asConvolution;
  const apply = form.group === 1 ? dense(form) : asDepthwise(node, form);
  return {
    reads: [inputAt(node, 0)],
    writes,
    ...(fuses ? { fuses } : {}),
    run: (x) => apply(before(imageOf(operand(x)))),
  };
}

interface Form {
  /** [channels out, channels in / group, rows, columns]. */
  readonly filters: Tensor;
  readonly group: number;
  readonly pad: number | 'same' | 'valid';
  readonly options: {
    readonly strides: [number, number];
    readonly dilations: [number, number];
    readonly activation: 'linear' | 'relu' | 'relu6';
    readonly bias?: tf.Tensor1D;
  };
}

type Apply = (x: tf.Tensor4D) => tf.Tensor;

function asConvolution({ filters, pad, options }: Form): Apply {
  const oihw = tf.tensor4d(floatsOf(filters), quadOf(filters.dims));
  const filter = tf.transpose(oihw, [2, 3, 1, 0]);
  return (x) => tf.fused.conv2d({ x, filter, pad, ...options });
}

function isPointwise({ filters, pad, options: { strides } }: Form): boolean {
  const ones = [...filters.dims.slice(2), ...strides];
  return ones.every((size) => size === 1) && (pad === 0 || pad === 'valid' || pad === 'same');
}

function asProduct({ filters, options: { activation, bias } }: Form): Apply {
  const [channels = 0, inputs = 0] = filters.dims;
  const b = tf.transpose(tf.tensor2d(floatsOf(filters), [channels, inputs]));
  return (x) => {
    const [batch, rows, columns] = x.shape;
    const a = tf.reshape<tf.Rank.R2>(x, [batch * rows * columns, inputs]);
    const product = tf.fused.matMul({ a, b, activation, ...(bias ? { bias } : {}) });
    return tf.reshape(product, [batch, rows, columns, channels]);
  };
}

/** TensorFlow's layout is [h, w, in, multiplier]; output channels are in the same order as ours. */
function asDepthwise(node: Node, { filters, group, pad, options }: Form): Apply {
  const [channels, inPerGroup, height, width] = quadOf(filters.dims);
  if (inPerGroup !== 1) throw unsupported(node, `${group} groups of ${inPerGroup} channels`);
  const oihw = tf.tensor4d(floatsOf(filters), quadOf(filters.dims));
  const ordered = tf.transpose(oihw, [2, 3, 0, 1]);
  const filter = tf.reshape<tf.Rank.R4>(ordered, [height, width, group, channels / group]);
  return (x) => tf.fused.depthwiseConv2d({ x, filter, pad, ...options });
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

/** Convolution with bias and activation, as one fused op of TensorFlow.js. */

import * as tf from '@tensorflow/tfjs';
import { type GraphUses, type Node, requiredAttribute, type Value } from '@whittle/ir';

import { convolutionOp } from './convolution-op.js';
import {
  clipBounds,
  constantAt,
  inputAt,
  numbersAt,
  outputOf,
  padsOf,
  pairOf,
  unsupported,
} from './node-parts.js';
import { imageOf, operand, type Step, type TfjsOptions } from './step.js';

export function convolution(node: Node, uses: GraphUses, { pointwise }: TfjsOptions): Step {
  const { activation, fuses, writes } = activationAfter(node, uses);
  const { pad, before } = paddingOf(node);
  const form = {
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
  const apply = convolutionOp(form, pointwise);
  return {
    reads: [inputAt(node, 0)],
    writes: [writes],
    ...(fuses ? { fuses: [fuses] } : {}),
    run: (x) => [apply(before(imageOf(operand(x))))],
  };
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

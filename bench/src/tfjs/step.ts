/** One step of a model that TensorFlow.js runs: it computes one value from others. */

import type * as tf from '@tensorflow/tfjs';
import type { GraphUses, Node, Value } from '@whittle/ir';

import { inputAt, outputOf } from './node-parts.js';

export interface Step {
  readonly reads: readonly Value[];
  readonly writes: Value;
  readonly run: (...operands: tf.Tensor[]) => tf.Tensor;
  /** A later node whose work this step does too. */
  readonly fuses?: Node;
}

export interface TfjsOptions {
  /** Which op computes a pointwise convolution; the two are about as fast, by turns. */
  readonly pointwise: 'conv2d' | 'matMul';
}

export type Rule = (node: Node, uses: GraphUses, options: TfjsOptions) => Step;

export function unary(node: Node, run: (x: tf.Tensor) => tf.Tensor): Step {
  return { reads: [inputAt(node, 0)], writes: outputOf(node), run: (x) => run(operand(x)) };
}

export function imageOf(x: tf.Tensor): tf.Tensor4D {
  if (x.rank !== 4) throw new Error(`An image has rank 4, not ${x.rank}.`);
  return x as tf.Tensor4D;
}

export function operand(x: tf.Tensor | undefined): tf.Tensor {
  if (x === undefined) throw new Error('A step lacks an operand.');
  return x;
}

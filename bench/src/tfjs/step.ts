/** One step of a model that TensorFlow.js runs: it computes values from others. */

import type * as tf from '@tensorflow/tfjs';
import type { GraphUses, Node, Value } from '@whittle/ir';

import { inputAt, outputOf } from './node-parts.js';

export interface Step {
  readonly reads: readonly Value[];
  readonly writes: readonly Value[];
  /** As many results as `writes` has values. */
  readonly run: (...operands: tf.Tensor[]) => readonly tf.Tensor[];
  /** Later nodes whose work this step does too. */
  readonly fuses?: readonly Node[];
}

export interface TfjsOptions {
  /** Which op computes a pointwise convolution; the two are about as fast, by turns. */
  readonly pointwise: 'conv2d' | 'matMul';
}

export type Rule = (node: Node, uses: GraphUses, options: TfjsOptions) => Step;

export function unary(node: Node, run: (x: tf.Tensor) => tf.Tensor): Step {
  return {
    reads: [inputAt(node, 0)],
    writes: [outputOf(node)],
    run: (x) => [run(operand(x))],
  };
}

export function binary(node: Node, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Step {
  return {
    reads: [inputAt(node, 0), inputAt(node, 1)],
    writes: [outputOf(node)],
    run: (a, b) => [run(operand(a), operand(b))],
  };
}

export function imageOf(x: tf.Tensor): tf.Tensor4D {
  if (x.rank !== 4) throw new Error(`An image has rank 4, not ${x.rank}.`);
  return x as tf.Tensor4D;
}

export function operand(x: tf.Tensor | undefined): tf.Tensor {
  if (x === undefined) throw new Error('A step lacks an operand.');
  return x;
}

/**
 * A channel shuffle, which models write as three nodes: channels become a matrix of groups, the matrix
 * is transposed, and its elements are channels again. Other reshapes have no rule, because channels
 * last is another order of elements.
 */

import * as tf from '@tensorflow/tfjs';
import { type GraphUses, isBound, type Node, optionalAttribute, type Value } from '@whittle/ir';

import { inputAt, outputOf, unsupported } from './node-parts.js';
import { imageOf, operand, type Step } from './step.js';

/** [N, C, H, W] to [N, groups, C / groups, H, W], its axes 1 and 2 swapped, to [N, C, H, W]. */
export function channelShuffle(node: Node, uses: GraphUses): Step {
  const transpose = onlyReader(node, uses, 'Transpose');
  const merge = onlyReader(transpose, uses, 'Reshape');
  const before = dimsOf(inputAt(node, 0));
  const [batch, groups = 0, perGroup = 0, ...image] = dimsOf(outputOf(node));
  const isShuffle =
    before.length === 4 &&
    [batch, groups * perGroup, ...image].join() === before.join() &&
    optionalAttribute(transpose, 'perm', 'ints')?.join() === '0,2,1,3,4' &&
    dimsOf(outputOf(merge)).join() === before.join();
  if (!isShuffle) throw unsupported(node, 'dims that are no channel shuffle');
  return {
    reads: [inputAt(node, 0)],
    writes: [outputOf(merge)],
    fuses: [transpose, merge],
    run: (x) => {
      const { shape } = imageOf(operand(x));
      const matrices = tf.reshape(operand(x), [-1, groups, shape[3] / groups]);
      return [tf.reshape(tf.transpose(matrices, [0, 2, 1]), shape)];
    },
  };
}

function onlyReader(node: Node, uses: GraphUses, op: string): Node {
  const output = outputOf(node);
  const [reader, ...others] = uses.consumersOf(output);
  const isInside = reader?.op === op && others.length === 0 && !uses.isOutput(output);
  if (reader === undefined || !isInside) throw unsupported(node, `no ${op} behind it alone`);
  return reader;
}

function dimsOf({ type }: Value): readonly number[] {
  return type?.dims.filter(isBound) ?? [];
}

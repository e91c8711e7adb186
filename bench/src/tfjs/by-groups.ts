/**
 * Channels in groups. The convolutions of TensorFlow.js refuse filters of fewer channels than the input
 * has ("depth of input must match input depth for filter"), so what has groups is split, convolved
 * group by group and concatenated. To split along the last axis takes its JavaScript backend
 * 1.1 to 9 times as long, by size, as to bring the groups to the front and split there, where slices
 * lie in one piece.
 */

import * as tf from '@tensorflow/tfjs';

/** [N, …image, channels] to `count` tensors of equally many channels. */
export function splitChannels(x: tf.Tensor, count: number): tf.Tensor[] {
  const channels = (x.shape.at(-1) ?? 0) / count;
  const grouped = tf.reshape(x, [-1, count, channels]);
  const front = tf.transpose(grouped, [1, 0, 2]);
  const shape = [...x.shape.slice(0, -1), channels];
  return tf.split(front, count, 0).map((part) => tf.reshape(part, shape));
}

/** `convolve` gets the channels of one group. */
export function byGroups(
  groups: number,
  convolve: (part: tf.Tensor, index: number) => tf.Tensor,
): (x: tf.Tensor) => tf.Tensor {
  return (x) => tf.concat(splitChannels(x, groups).map(convolve), -1);
}

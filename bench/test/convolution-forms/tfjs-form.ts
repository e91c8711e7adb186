/**
 * The same calls in TensorFlow.js. What it lacks is put together from what it has: other pads by
 * `tf.pad`, groups by splitting channels, strides beside dilations by a filter with zeros between
 * its taps, one spatial axis by two, and depthwise volumes channel by channel.
 */

import * as tf from '@tensorflow/tfjs';
import { numbersOf, type Tensor } from '@whittle/ir';

import type { FormCase } from './form-case.ts';

export interface Expected {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The result in the data format of the case. */
export function runInTfjs(formCase: FormCase): Expected {
  return tf.tidy(() => {
    const { rank, channels } = formCase;
    const spatial = Array.from({ length: rank }, (_, i) => i);
    const image = tensorOf(formCase.image);
    const last =
      channels === 'last' ? image : tf.transpose(image, [0, ...spatial.map((i) => i + 2), 1]);
    const result = finish(convolve(last, formCase), formCase);
    const restored =
      channels === 'last'
        ? result
        : tf.transpose(result, [0, rank + 1, ...spatial.map((i) => i + 1)]);
    const data = restored.dataSync();
    if (!(data instanceof Float32Array)) throw new Error('The result is not float32.');
    return { dims: restored.shape, data };
  });
}

function convolve(image: tf.Tensor, formCase: FormCase): tf.Tensor {
  const [first, second] = formCase.filters.map(tensorOf);
  if (first === undefined) throw new Error('There is no filter.');
  switch (formCase.form) {
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
      return dense(image, first, windowOf(formCase));
    case 'groupConv2d': {
      const images = tf.split(image, formCase.groups, -1);
      const filters = tf.split(first, formCase.groups, -1);
      const window = windowOf(formCase);
      return tf.concat(
        images.map((part, group) => dense(part, filters[group] ?? first, window)),
        -1,
      );
    }
    case 'depthwiseConv1d':
    case 'depthwiseConv2d':
    case 'depthwiseConv3d':
      return depthwise(image, first, windowOf(formCase));
    case 'pointwiseConv2d':
      return dense(image, asKernel(first, 2), windowOf(formCase));
    case 'separableConv1d':
    case 'separableConv2d': {
      const spread = depthwise(image, first, windowOf(formCase));
      const ones = formCase.strides.map(() => 1);
      const still = { strides: ones, dilations: ones, padding: 'VALID' } as const;
      return dense(spread, asKernel(second ?? first, formCase.rank), still);
    }
  }
}

type Window = Pick<FormCase, 'strides' | 'dilations' | 'padding'>;

function windowOf({ strides, dilations, padding }: FormCase): Window {
  return { strides, dilations, padding };
}

function dense(image: tf.Tensor, taps: tf.Tensor, window: Window): tf.Tensor {
  const { x, filter, strides, dilations, pad } = accepted(image, taps, window);
  const [s0 = 1, s1 = 1, s2 = 1] = strides;
  const [d0 = 1, d1 = 1, d2 = 1] = dilations;
  if (x.rank === 3) {
    return tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, s0, pad, 'NWC', d0);
  }
  if (x.rank === 4) {
    const pairs = [[s0, s1] as [number, number], [d0, d1] as [number, number]] as const;
    return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, pairs[0], pad, 'NHWC', pairs[1]);
  }
  return tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, [s0, s1, s2], pad, 'NDHWC', [
    d0,
    d1,
    d2,
  ]);
}

function depthwise(image: tf.Tensor, taps: tf.Tensor, window: Window): tf.Tensor {
  const { x, filter, strides, dilations, pad } = accepted(image, taps, window);
  if (x.rank === 5) {
    // Channel k gets its own filters [D, H, W, 1, multiplier], whose results lie side by side.
    const channels = tf.split(x, x.shape[4] ?? 1, 4);
    const own = tf.split(filter, x.shape[4] ?? 1, 3);
    const still = { strides, dilations, padding: pad === 'same' ? 'SAME' : 'VALID' } as const;
    return tf.concat(
      channels.map((channel, k) => dense(channel, own[k] ?? filter, still)),
      4,
    );
  }
  if (x.rank === 3) {
    const rows = depthwiseImage(tf.expandDims(x, 1), tf.expandDims(filter, 0), {
      strides: [1, ...strides],
      dilations: [1, ...dilations],
      pad,
    });
    return tf.squeeze(rows, [1]);
  }
  return depthwiseImage(x, filter, { strides, dilations, pad });
}

function depthwiseImage(
  x: tf.Tensor,
  filter: tf.Tensor,
  { strides, dilations, pad }: Pick<Accepted, 'strides' | 'dilations' | 'pad'>,
): tf.Tensor {
  const [s0 = 1, s1 = 1] = strides;
  const [d0 = 1, d1 = 1] = dilations;
  const [image, taps] = [x as tf.Tensor4D, filter as tf.Tensor4D];
  return tf.depthwiseConv2d(image, taps, [s0, s1], pad, 'NHWC', [d0, d1]);
}

interface Accepted {
  readonly x: tf.Tensor;
  readonly filter: tf.Tensor;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pad: 'same' | 'valid';
}

/** The operands and window in a form that TensorFlow.js takes. */
function accepted(x: tf.Tensor, filter: tf.Tensor, window: Window): Accepted {
  const { strides, dilations } = window;
  const padding = x.rank === 5 ? volumePadding(x, filter, window) : window.padding;
  const isRefused = strides.some((s) => s > 1) && dilations.some((d) => d > 1);
  const spread = isRefused
    ? dilations.reduce((taps, dilation, axis) => withZeros(taps, axis, dilation), filter)
    : filter;
  const pairs = typeof padding === 'string' ? undefined : padding;
  const sides = pairs?.map(([before, after]) => [before, after] as [number, number]);
  return {
    x: sides ? tf.pad(x, [[0, 0], ...sides, [0, 0]]) : x,
    filter: spread,
    strides,
    dilations: isRefused ? dilations.map(() => 1) : dilations,
    pad: padding === 'SAME' ? 'same' : 'valid',
  };
}

/** Where steps leave gaps, SAME of `tf.conv3d` pads by less than nothing; that of images does not. */
function volumePadding(
  x: tf.Tensor,
  filter: tf.Tensor,
  { strides, dilations, padding }: Window,
): Window['padding'] {
  if (padding !== 'SAME') return padding;
  return strides.map((stride, axis) => {
    const { padInfo } = tf.backend_util.computeConv2DInfo(
      [1, x.shape[axis + 1] ?? 1, 1, 1],
      [filter.shape[axis] ?? 1, 1, 1, 1],
      [stride, 1],
      [dilations[axis] ?? 1, 1],
      'same',
    );
    return [padInfo.top, padInfo.bottom] as const;
  });
}

/** The filter with `dilation - 1` zeros between its taps along one axis. */
function withZeros(filter: tf.Tensor, axis: number, dilation: number): tf.Tensor {
  const { shape } = filter;
  const taps = shape[axis] ?? 1;
  const apart = tf.reshape(filter, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const padded = tf.pad(
    apart,
    apart.shape.map((_, i) => [0, i === axis + 1 ? dilation - 1 : 0] as [number, number]),
  );
  const joined = tf.reshape(padded, [
    ...shape.slice(0, axis),
    taps * dilation,
    ...shape.slice(axis + 1),
  ]);
  const size = joined.shape.map((dim, i) => (i === axis ? (taps - 1) * dilation + 1 : dim));
  return tf.slice(
    joined,
    size.map(() => 0),
    size,
  );
}

function asKernel(filter: tf.Tensor, rank: number): tf.Tensor {
  const ones = Array<number>(rank).fill(1);
  return filter.rank === 2 ? tf.reshape(filter, [...ones, ...filter.shape]) : filter;
}

function finish(sum: tf.Tensor, { bias, activation }: FormCase): tf.Tensor {
  const biased = bias === undefined ? sum : tf.add(sum, tensorOf(bias));
  switch (activation) {
    case undefined:
      return biased;
    case 'relu':
      return tf.relu(biased);
    case 'relu6':
      return tf.relu6(biased);
    case 'elu':
      return tf.elu(biased);
  }
}

function tensorOf(tensor: Tensor): tf.Tensor {
  return tf.tensor(numbersOf(tensor), [...tensor.dims], 'float32');
}

/**
 * DeformConv over any number of spatial axes. Where its taps lie is a grid to sample X at, tap by tap; what
 * is sampled is multiplied with the filter as by a convolution over channels · taps that sees one pixel.
 *
 *     %g = offset + where each tap lies without one, in fractions of X    [N · G, taps · H, W, 2]
 *     %s = GridSample(X, %g)                                             [N · G, C / G, taps · H, W]
 *     %m = Mul(%s, mask)
 *     %y = Conv(Reshape(%m, [N, C · taps, H, W]), Reshape(W, [M, C / group · taps, 1, 1]), B)
 *
 * N images, G offset groups, C channels, M filters; H × W is the output.
 */

import {
  allBound,
  type DType,
  dtypes,
  int64Tensor,
  type Match,
  type Node,
  optionalAttribute,
  type Rewriter,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { decomposition } from './decomposition.js';

export const deformableConvolution = decomposition(
  'DeformConv',
  'DeformConv(x, w, o, b, m) → Conv(m · GridSample(x, o), w, b)',
  spell,
);

/** The lists have one entry for each spatial axis. */
interface Sizes {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly image: readonly number[];
  readonly kernel: readonly number[];
  readonly output: readonly number[];
}

function spell({ root }: Match, rewriter: Rewriter): Value | undefined {
  const [x, w, offset, bias, mask] = root.inputs;
  const sizes = sizesOf(root);
  if (x === undefined || w === undefined || offset === undefined || sizes === undefined) {
    return undefined;
  }
  const { batch, channels, filters, image, kernel, output } = sizes;
  const group = optionalAttribute(root, 'group', 'int') ?? 1;
  const groups = optionalAttribute(root, 'offset_group', 'int') ?? 1;
  const taps = productOf(kernel);
  const [outermost = 1, ...inner] = output;
  const sampledDims = [taps * outermost, ...inner];

  const images = reshaped(rewriter, x, [batch * groups, channels / groups, ...image]);
  const grid = gridOf(root, rewriter, offset, { ...sizes, batch: batch * groups });
  const sampled = rewriter.op('GridSample', [images, grid]);
  const scaled =
    mask === undefined
      ? sampled
      : rewriter.op('Mul', [
          sampled,
          reshaped(rewriter, mask, [batch * groups, 1, ...sampledDims]),
        ]);
  const columns = reshaped(rewriter, scaled, [batch, channels * taps, ...output]);
  const one = kernel.map(() => 1);
  const filter = reshaped(rewriter, w, [filters, (channels / group) * taps, ...one]);
  return rewriter.op('Conv', [columns, filter, ...(bias === undefined ? [] : [bias])], { group });
}

/**
 * The places of all taps as GridSample counts them, the last axis first: a position `p` along an axis of `s`
 * pixels is (2p + 1) / s - 1. `batch` counts images and offset groups.
 */
function gridOf(root: Node, rewriter: Rewriter, offset: Value, sizes: Sizes): Value {
  const { batch, image, kernel, output } = sizes;
  const rank = kernel.length;
  // Halves could not tell apart the pixels of an image.
  const dtype = offset.type?.dtype === 'float64' ? 'float64' : 'float32';
  const offsets = reshaped(rewriter, offset, [batch, ...kernel, rank, ...output]);
  const ints = (value: number): Value => rewriter.constant(int64Tensor([value]));
  const [outermost = 1, ...inner] = output;
  const axes = image.map((size, axis) => {
    const sliced = rewriter.op('Slice', [offsets, ints(axis), ints(axis + 1), ints(1 + rank)]);
    const moves =
      offset.type?.dtype === dtype
        ? sliced
        : rewriter.op('Cast', [sliced], { to: dtypes[dtype].code });
    const shares = rewriter.op('Mul', [moves, rewriter.scalar(dtype, 2 / size)]);
    const still = rewriter.constant(placesWithout(root, axis, sizes, dtype));
    const places = rewriter.op('Add', [shares, still]);
    return reshaped(rewriter, places, [batch, productOf(kernel) * outermost, ...inner, 1]);
  });
  return rewriter.op('Concat', axes.toReversed(), { axis: -1 });
}

/** Where the taps lie along an axis without offsets: [kernel, 1, output], each with 1 for other axes. */
function placesWithout(root: Node, axis: number, { image, kernel, output }: Sizes, dtype: DType) {
  const attribute = (name: string, otherwise: number): number =>
    optionalAttribute(root, name, 'ints')?.[axis] ?? otherwise;
  const [stride, dilation, pad] = [
    attribute('strides', 1),
    attribute('dilations', 1),
    attribute('pads', 0),
  ];
  const only = (sizes: readonly number[]) => sizes.map((size, i) => (i === axis ? size : 1));
  const dims = [...only(kernel), 1, ...only(output)];
  const [taps = 1, pixels = 1, size = 1] = [kernel[axis], output[axis], image[axis]];
  const places = Array.from({ length: taps * pixels }, (_, i) => {
    const position = Math.floor(i / pixels) * dilation + (i % pixels) * stride - pad;
    return (2 * position + 1) / size - 1;
  });
  return tensorOf(dtype, dims, places);
}

function sizesOf({ inputs, outputs }: Node): Sizes | undefined {
  const [x, w, y] = [inputs[0], inputs[1], outputs[0]].map((value) => value?.type?.dims);
  if (x === undefined || w === undefined || y === undefined) return undefined;
  if (!allBound(x) || !allBound(w) || !allBound(y)) return undefined;
  const [batch = 0, channels = 0, ...image] = x;
  const [filters = 0, , ...kernel] = w;
  return { batch, channels, filters, image, kernel, output: y.slice(2) };
}

/** A dim of 0 is one of no elements, not one to be copied. */
function reshaped(rewriter: Rewriter, value: Value, dims: readonly number[]): Value {
  return rewriter.op('Reshape', [value, rewriter.constant(int64Tensor(dims))], { allowzero: 1 });
}

function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

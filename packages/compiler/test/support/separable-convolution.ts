/** One convolution of a case, with the shuffle or normalization that belongs to it. */

import { type GraphBuilder, int64Tensor, tensorOf, transposeTensor, type Value } from '@whittle/ir';
import type { Flow, SeparableStage } from './separable-case.js';
import type { Site } from './separable-site.js';
import { attributesOf } from './window.js';

export function addConvolution(
  site: Site,
  stage: SeparableStage,
  at: number,
  { channels }: Flow,
  x: Value,
): Value {
  const { builder, draw } = site;
  const { axes, autoPad } = stage.window;
  const group = stage.group === 'channels' ? channels : stage.group;
  const outputs = group * stage.outputsPerGroup;
  const filterDims = [outputs, channels / group, ...axes.map(({ kernel }) => kernel)];
  const filter =
    stage.filter === 'input'
      ? addFilterInput(site, at, filterDims)
      : draw.weights(builder, filterDims);
  const bias = stage.shift === 'bias' ? [draw.weights(builder, [outputs])] : [];
  const finish = (value: Value): Value => {
    const shifted =
      stage.shift === 'normalization' ? addNormalization(site, outputs, value) : value;
    return stage.isShuffled ? addShuffle(builder, group, shifted) : shifted;
  };
  if (site.hasProducts && isProduct(stage)) {
    const product = addProduct(builder, x, filter);
    const shifted = bias.length === 0 ? product : builder.op('Add', [product, ...bias]);
    return stage.shift === 'normalization' ? site.inFirst(shifted, finish) : shifted;
  }
  const { pads, ...attributes } = attributesOf(axes);
  const padding = autoPad === 'NOTSET' ? { pads } : { auto_pad: autoPad };
  const all = { ...attributes, ...padding, group };
  const options = { name: `conv ${at} of ${site.separable.seed}` };
  return site.inFirst(x, (first) =>
    finish(builder.op('Conv', [first, filter, ...bias], all, options)),
  );
}

/** Whether a stage gives products of the channels of a pixel with a matrix, and no more. */
function isProduct({ group, filter, window }: SeparableStage): boolean {
  const axes = window.axes.every(
    ({ kernel, stride, before, after }) => kernel * stride === 1 && before + after === 0,
  );
  return axes && group === 1 && filter === 'constant';
}

/** Over the last axis of an image in NHWC; the filter is [M, C, 1, …]. */
function addProduct(builder: GraphBuilder, x: Value, { constant }: Value): Value {
  if (constant === undefined) throw new TypeError('The filter of a product is constant.');
  const matrix = transposeTensor({ ...constant, dims: constant.dims.slice(0, 2) }, [1, 0]);
  return builder.op('MatMul', [x, builder.constant(matrix)]);
}

function addShuffle(builder: GraphBuilder, groups: number, image: Value): Value {
  const dims = (image.type?.dims ?? []).map(Number);
  const [batch = 1, channels = 1, ...spatial] = dims;
  const apart = [batch, groups, channels / groups, ...spatial];
  const perm = [0, 2, 1, ...spatial.map((_, i) => i + 3)];
  const shapeOf = (sizes: readonly number[]): Value => builder.constant(int64Tensor(sizes));
  const turned = builder.op('Transpose', [builder.op('Reshape', [image, shapeOf(apart)])], {
    perm,
  });
  return builder.op('Reshape', [turned, shapeOf(dims)]);
}

function addNormalization({ builder, draw }: Site, channels: number, value: Value): Value {
  const weights = [0, 1, 2].map(() => draw.weights(builder, [channels]));
  const variance = Array.from({ length: channels }, () => 0.5 + draw.below(4) / 4);
  const spread = builder.constant(tensorOf('float32', [channels], variance));
  return builder.op('BatchNormalization', [value, ...weights, spread]);
}

function addFilterInput(
  { builder, separable, inputs }: Site,
  at: number,
  dims: readonly number[],
): Value {
  const name = `w${at}_${separable.seed}`;
  inputs.push({ name, dims, isImage: false });
  return builder.input(name, 'float32', dims);
}

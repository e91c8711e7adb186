/** Ops of images that others spell: cropping about the middle, the inverse of a pool, moved taps. */

import {
  allBound,
  elementCount,
  int64Tensor,
  integersOf,
  type Match,
  type Node,
  optionalAttribute,
  type Rewriter,
  type Value,
} from '@whittle/ir';
import { scalarTensor } from '../shared/constants.js';
import { decomposition } from './decomposition.js';
import { deformableConvolution } from './deformable-convolution.js';

export const vision = [
  decomposition('CenterCropPad', 'CenterCropPad(x, dims) → Pad(x, pads), some negative', centred),
  decomposition('MaxUnpool', 'MaxUnpool(x, i) → Reshape(ScatterElements(0, i, x))', unpooled),
  deformableConvolution,
];

/** Of an odd number of elements to take away or to add, the end has one more. */
function centred({ root }: Match, rewriter: Rewriter): Value | undefined {
  const [x, wanted] = root.inputs;
  const dims = x?.type?.dims;
  const target = integersOf(wanted);
  if (x === undefined || dims === undefined || !allBound(dims) || target === undefined) {
    return undefined;
  }
  const axes = optionalAttribute(root, 'axes', 'ints') ?? dims.map((_, axis) => axis);
  const added = dims.map(() => 0);
  axes.forEach((written, i) => {
    const axis = written < 0 ? written + dims.length : written;
    added[axis] = (target[i] ?? 0) - (dims[axis] ?? 0);
  });
  const before = added.map((count) => Math.trunc(count / 2));
  const after = added.map((count, axis) => count - (before[axis] ?? 0));
  return rewriter.op('Pad', [x, rewriter.constant(int64Tensor([...before, ...after]))]);
}

/** Indices count the elements of the whole output in row-major order. */
function unpooled({ root }: Match, rewriter: Rewriter): Value | undefined {
  const [x, places] = root.inputs;
  const dims = outputDims(root);
  if (x?.type === undefined || places === undefined || dims === undefined) return undefined;
  const ints = (...values: number[]): Value => rewriter.constant(int64Tensor(values));
  const inLine = (value: Value): Value => rewriter.op('Reshape', [value, ints(-1)]);
  const zero = rewriter.constant(scalarTensor(x.type.dtype, 0));
  const zeros = rewriter.op('Expand', [zero, ints(elementCount(dims))]);
  const filled = rewriter.op('ScatterElements', [zeros, inLine(places), inLine(x)]);
  return rewriter.op('Reshape', [filled, ints(...dims)], { allowzero: 1 });
}

function outputDims({ outputs }: Node): readonly number[] | undefined {
  const dims = outputs[0]?.type?.dims;
  return dims !== undefined && allBound(dims) ? dims : undefined;
}

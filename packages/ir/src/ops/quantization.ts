/**
 * Numbers held as small integers: a real number is `(q − zero_point) · scale`. Scales and zero points
 * are of the whole tensor, of each index of one axis, or of each block of neighbours along it; an
 * absent zero point is 0. Quotients are rounded half to even, and what an integer does not hold is
 * saturated.
 */

import { addDims, type Dim, floorDivDims, formatDims, isBound } from '../dim.js';
import { type DType, dtypeFromCode, isFloat } from '../dtype.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { requireDType, requireSameDim, requireSameDType } from './checks.js';
import { convAttributes, convolvedDims, requireBias } from './convolution.js';
import { productDims } from './matrix.js';
import { formals, int } from './signature.js';

export const quantizationOps: readonly OpRecord[] = [
  {
    name: 'QuantizeLinear',
    since: 23,
    summary: 'saturate(round(x / y_scale) + y_zero_point)',
    inputs: formals('x y_scale y_zero_point?'),
    outputs: formals('y'),
    attributes: {
      axis: int(1),
      block_size: int(0),
      output_dtype: int(0),
      precision: int(0),
      saturate: int(1),
    },
    traits: { fusion: 'elementwise' },
    infer: (context) => {
      const dtype = quantizedDType(context);
      const { dtype: given, dims } = context.input(0);
      if (!isFloat(given) && given !== 'int32') context.fail(`quantizes elements of ${given}`);
      requireDType(context, 1, 'float');
      requireBlocks(context, dims);
      return [{ dtype, dims }];
    },
  },
  {
    name: 'DequantizeLinear',
    since: 23,
    summary: '(x - x_zero_point) * x_scale',
    inputs: formals('x x_scale x_zero_point?'),
    outputs: formals('y'),
    attributes: { axis: int(1), block_size: int(0), output_dtype: int(0) },
    traits: { fusion: 'elementwise' },
    infer: (context) => {
      const { dims } = context.input(0);
      requireSmall(context, requireSameDType(context, [0, 2]), [...smallTypes, 'int32']);
      const scale = requireDType(context, 1, 'float');
      requireBlocks(context, dims);
      return [{ dtype: namedDType(context, 'output_dtype') ?? scale, dims }];
    },
  },
  {
    name: 'DynamicQuantizeLinear',
    since: 11,
    summary: 'x as uint8, with the scale and the zero point that make the most of its range',
    inputs: formals('x'),
    outputs: formals('y y_scale y_zero_point'),
    attributes: {},
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const { dtype, dims } = context.input(0);
      if (dtype !== 'float32') context.fail(`takes elements of float32, not ${dtype}`);
      return [
        { dtype: 'uint8', dims },
        { dtype: 'float32', dims: [] },
        { dtype: 'uint8', dims: [] },
      ];
    },
  },
  {
    name: 'MatMulInteger',
    since: 10,
    summary: 'products of the matrices (A - a_zero_point) and (B - b_zero_point), in int32',
    inputs: formals('A B a_zero_point? b_zero_point?'),
    outputs: formals('Y'),
    attributes: {},
    traits: { fusion: 'anchor' },
    infer: (context) => {
      requireBytes(context, [0, 2]);
      requireBytes(context, [1, 3]);
      return [{ dtype: 'int32', dims: productDims(context, 1) }];
    },
  },
  {
    name: 'ConvInteger',
    since: 10,
    summary: 'convolution of x - x_zero_point with w - w_zero_point, in int32',
    inputs: formals('x w x_zero_point? w_zero_point?'),
    outputs: formals('y'),
    attributes: convAttributes,
    traits: { fusion: 'anchor' },
    infer: (context) => {
      requireBytes(context, [0, 2]);
      requireBytes(context, [1, 3]);
      const dims = convolvedDims(context, 1);
      requireOne(context, [2]);
      requireOneOrPerChannel(context, [3], dims[1] ?? 1);
      return [{ dtype: 'int32', dims }];
    },
  },
  {
    name: 'QLinearMatMul',
    since: 21,
    summary: 'products of the quantized matrices in the last two axes, the others broadcast',
    inputs: formals('a a_scale a_zero_point b b_scale b_zero_point y_scale y_zero_point'),
    outputs: formals('y'),
    attributes: {},
    traits: { fusion: 'anchor' },
    infer: (context) => {
      requireBytes(context, [0, 2]);
      requireBytes(context, [3, 5]);
      const dtype = requireBytes(context, [7]);
      for (const scale of [1, 4, 6]) requireDType(context, scale, 'float');
      return [{ dtype, dims: productDims(context, 3) }];
    },
  },
  {
    name: 'QLinearConv',
    since: 10,
    summary: 'convolution of quantized x with quantized w in groups of channels, plus bias B',
    inputs: formals('x x_scale x_zero_point w w_scale w_zero_point y_scale y_zero_point B?'),
    outputs: formals('y'),
    attributes: convAttributes,
    traits: { fusion: 'anchor' },
    infer: (context) => {
      requireBytes(context, [0, 2]);
      requireBytes(context, [3, 5]);
      const dtype = requireBytes(context, [7]);
      const dims = convolvedDims(context, 3);
      const channels = dims[1] ?? 1;
      requireOne(context, [1, 2, 6, 7]);
      requireOneOrPerChannel(context, [4, 5], channels);
      requireBias(context, 8, channels);
      if (context.has(8) && context.input(8).dtype !== 'int32') {
        context.fail(`takes a bias of int32, not ${context.input(8).dtype}`);
      }
      return [{ dtype, dims }];
    },
  },
];

const smallTypes: readonly DType[] = ['uint8', 'int8', 'uint16', 'int16'];
const byteTypes: readonly DType[] = ['uint8', 'int8'];

/** The dtype that an attribute names by its number; undefined where that is 0, for none. */
function namedDType(context: InferContext, attribute: string): DType | undefined {
  const code = context.int(attribute);
  if (code === 0) return undefined;
  return dtypeFromCode(code) ?? context.fail(`has ${attribute} ${code}, which is not known`);
}

/** That of the zero point, or the one that is named, or uint8. */
function quantizedDType(context: InferContext): DType {
  const named = namedDType(context, 'output_dtype');
  const given = context.has(2) ? context.input(2).dtype : named;
  if (named !== undefined && given !== named) {
    context.fail(`has a zero point of ${given} for an output of ${named}`);
  }
  return requireSmall(context, given ?? 'uint8', smallTypes);
}

function requireSmall(context: InferContext, dtype: DType, allowed: readonly DType[]): DType {
  if (!allowed.includes(dtype)) {
    context.fail(`takes quantized elements of ${allowed.join(', ')}, not ${dtype}`);
  }
  return dtype;
}

/** The dtype of a quantized input and of its zero point, if that is there: int8 or uint8. */
function requireBytes(context: InferContext, indices: readonly number[]): DType {
  return requireSmall(context, requireSameDType(context, indices), byteTypes);
}

/** Inputs of one element, 0-d or 1-d, where they are there. */
function requireOne(context: InferContext, indices: readonly number[]): void {
  for (const index of indices) {
    if (context.has(index) && !isOne(context.input(index).dims)) {
      context.fail(
        `takes one number as input ${index}, not ${formatDims(context.input(index).dims)}`,
      );
    }
  }
}

function requireOneOrPerChannel(
  context: InferContext,
  indices: readonly number[],
  channels: Dim,
): void {
  for (const index of indices) {
    if (context.has(index) && !isOne(context.input(index).dims))
      requireBias(context, index, channels);
  }
}

function isOne(dims: readonly Dim[]): boolean {
  return dims.length === 0 || (dims.length === 1 && dims[0] === 1);
}

/** The scale, input 1, and the zero point, input 2, fit the data: one, one per index, one per block. */
function requireBlocks(context: InferContext, dims: readonly Dim[]): void {
  const scale = context.input(1).dims;
  if (context.has(2)) requireSameShape(context, scale, context.input(2).dims);
  const size = context.int('block_size');
  if (!Number.isSafeInteger(size) || size < 0) context.fail(`has block_size ${size}`);
  if (isOne(scale)) return;
  const axis = context.axis(context.int('axis'), dims.length);
  const extent = dims[axis] ?? 1;
  if (size === 0) {
    if (scale.length !== 1) context.fail(`has scales ${formatDims(scale)} without a block_size`);
    requireSameDim(context, scale[0] ?? 1, extent, 'number of scales and axis');
    return;
  }
  const blocks = floorDivDims(addDims(extent, size - 1), size);
  requireSameShape(
    context,
    scale,
    dims.map((dim, i) => (i === axis ? blocks : dim)),
  );
}

function requireSameShape(context: InferContext, a: readonly Dim[], b: readonly Dim[]): void {
  const differ =
    a.length !== b.length || a.some((dim, i) => isBound(dim) && isBound(b[i] ?? 0) && dim !== b[i]);
  // A 0-d number and a list of one are the same to most exporters.
  if (differ && !(isOne(a) && isOne(b))) {
    context.fail(`has scales ${formatDims(a)} that do not fit ${formatDims(b)}`);
  }
}

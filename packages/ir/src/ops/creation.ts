/**
 * Ops that make a tensor from attributes, or from the dims of another.
 */

import {
  addDims,
  ceilDivDims,
  type Dim,
  isBound,
  maxDims,
  mulDims,
  productOfDims,
  subDims,
} from '../dim.js';
import { dtypeFromCode, isInteger } from '../dtype.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { elementCount, numbersOf, type Tensor } from '../tensor.js';
import { requireDType, requireRank, requireSameDType } from './checks.js';
import { isNonNegative } from './element-arithmetic.js';
import { buildElements, elementsOfInput, outputOf } from './known-elements.js';
import { dimsOperand } from './shape-operands.js';
import { float, floats, formals, int, ints, string, strings, tensor } from './signature.js';

export const creationOps: readonly OpRecord[] = [
  {
    name: 'Constant',
    since: 13,
    summary: 'the tensor in the attribute; importing turns it into a constant value',
    inputs: [],
    outputs: formals('output'),
    attributes: {
      value: tensor(),
      value_float: float(),
      value_floats: floats(),
      value_int: int(),
      value_ints: ints(),
      value_string: string(),
      value_strings: strings(),
    },
    traits: { fusion: 'opaque' },
    infer: (context) => [constantOutput(context)],
  },
  {
    name: 'ConstantOfShape',
    since: 20,
    summary: 'a tensor of the given dims filled with one value',
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { value: tensor() },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const dims = dimsOperand(context, 0);
      if (dims === undefined) return undefined;
      const value = tensorAttribute(context);
      const dtype = value?.dtype ?? 'float32';
      if (value !== undefined && elementCount(value.dims) !== 1) {
        context.fail('has a value of more than one element');
      }
      if (!isInteger(dtype) && dtype !== 'bool') return [{ dtype, dims }];
      const [element] = value === undefined ? [] : numbersOf(value);
      return [
        outputOf(
          dtype,
          dims,
          buildElements(dims, () => element),
        ),
      ];
    },
  },
  {
    name: 'Shape',
    since: 15,
    summary: 'the dims of the input, from axis `start` up to `end`, exclusive',
    inputs: formals('data'),
    outputs: formals('shape'),
    attributes: { start: int(0), end: int() },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const { dims } = context.input(0);
      const shape = dims.slice(
        clampAxis(context.int('start'), dims.length),
        clampAxis(context.optionalInt('end') ?? dims.length, dims.length),
      );
      return [outputOf('int64', [shape.length], shape)];
    },
  },
  {
    name: 'Size',
    since: 13,
    summary: 'the number of elements of the input',
    inputs: formals('data'),
    outputs: formals('size'),
    attributes: {},
    traits: { fusion: 'opaque' },
    infer: (context) => [outputOf('int64', [], [productOfDims(context.input(0).dims)])],
  },
  {
    name: 'Range',
    since: 11,
    summary: 'start, start + delta, … up to limit, exclusive',
    inputs: formals('start limit delta'),
    outputs: formals('output'),
    attributes: {},
    traits: { fusion: 'injective' },
    infer: rangeOutput,
  },
  {
    name: 'EyeLike',
    since: 9,
    summary: 'a matrix of the dims of the input, 1 on diagonal k and 0 elsewhere',
    inputs: formals('input'),
    outputs: formals('output'),
    attributes: { dtype: int(), k: int(0) },
    traits: { fusion: 'injective' },
    infer: (context) => {
      const code = context.optionalInt('dtype');
      const dtype =
        code === undefined
          ? context.input(0).dtype
          : (dtypeFromCode(code) ?? context.fail(`has dtype ${code}, which is not known`));
      return [{ dtype, dims: requireRank(context, 0, 2) }];
    },
  },
];

/** The type of a Constant by the one of its attributes that is written. */
function constantOutput(context: InferContext): InferredOutput {
  const written = Object.values(context.node.attributes);
  const [attribute] = written;
  if (attribute === undefined || written.length !== 1) {
    return context.fail(`has ${written.length} values where one is needed`);
  }
  const { kind, value } = attribute;
  switch (kind) {
    case 'tensor':
      return { dtype: value.dtype, dims: value.dims };
    case 'float':
      return { dtype: 'float32', dims: [] };
    case 'floats':
      return { dtype: 'float32', dims: [value.length] };
    case 'int':
      return outputOf('int64', [], [value]);
    case 'ints':
      return outputOf(
        'int64',
        [value.length],
        buildElements([value.length], ([i = 0]) => value[i]),
      );
    case 'string':
      return { dtype: 'string', dims: [] };
    case 'strings':
      return { dtype: 'string', dims: [value.length] };
  }
}

function tensorAttribute(context: InferContext): Tensor | undefined {
  const { value } = context.node.attributes;
  if (value === undefined) return undefined;
  return value.kind === 'tensor' ? value.value : context.fail('has a value that is not a tensor');
}

function clampAxis(axis: number, rank: number): number {
  return Math.min(Math.max(axis < 0 ? axis + rank : axis, 0), rank);
}

function rangeOutput(context: InferContext): readonly InferredOutput[] {
  requireDType(context, 0, 'number');
  const dtype = requireSameDType(context, [0, 1, 2]);
  const [start, limit, delta] = [0, 1, 2].map((index) => scalarOf(context, index));
  if (delta === 0) context.fail('has a delta of 0');
  if (start === undefined || limit === undefined || delta === undefined || !isBound(delta)) {
    return [{ dtype, dims: [context.unknownDim(0)] }];
  }
  const length = rangeLength(start, limit, delta) ?? context.unknownDim(0);
  const elements = isInteger(dtype)
    ? buildElements([length], ([i = 0]) => addDims(start, mulDims(delta, i)))
    : undefined;
  return [outputOf(dtype, [length], elements)];
}

/** `ceil((limit - start) / delta)`, at least 0; undefined where it is not whole numbers. */
function rangeLength(start: Dim, limit: Dim, delta: number): Dim | undefined {
  if (isBound(start) && isBound(limit)) {
    return Math.max(0, Math.ceil((limit - start) / delta));
  }
  if (!Number.isInteger(delta) || delta < 0) return undefined;
  const span = subDims(limit, start);
  return ceilDivDims(isNonNegative(span) ? span : maxDims(span, 0), delta);
}

/** The one element of input `index`, where it is known. */
function scalarOf(context: InferContext, index: number): Dim | undefined {
  const elements = elementsOfInput(context, index);
  if (productOfDims(context.input(index).dims) !== 1)
    context.fail(`takes a scalar as input ${index}`);
  return elements?.[0];
}

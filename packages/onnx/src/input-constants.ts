/** Inputs that always hold the same, as the options say: sizes, axes and flags that a model leaves open. */

import {
  type DType,
  dtypes,
  formatDims,
  isBound,
  numberToBfloat16,
  numberToFloat16,
  type Tensor,
  type TensorType,
  tensorOf,
} from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import type { InputConstant } from './import-options.js';
import { invalidOption, nameOf, requireKnown } from './input-types.js';
import { quoted } from './quoted.js';

/**
 * The contents of inputs by name, in the order in which the model has them.
 * @throws {CompilerError} `E_INVALID_OPTION` where the model has no such input, or one of another type.
 */
export function inputConstants(
  inputs: readonly onnx.IValueInfoProto[],
  types: readonly TensorType[],
  given: Readonly<Record<string, InputConstant>>,
): ReadonlyMap<string, Tensor> {
  const constants = new Map(Object.entries(given));
  requireKnown('input', 'constants', [...constants.keys()], inputs.map(nameOf));
  const found = new Map<string, Tensor>();
  inputs.forEach((input, i) => {
    const name = nameOf(input);
    const constant = constants.get(name);
    const type = types[i];
    if (constant === undefined || type === undefined) return;
    const tensor = asTensor(constant, type, name);
    if (!fits(tensor, type)) {
      throw invalidOption(
        `Input ${quoted(name)} is ${type.dtype}${formatDims(type.dims)}, but constants gives it ` +
          `${tensor.dtype}${formatDims(tensor.dims)}.`,
      );
    }
    found.set(name, tensor);
  });
  return found;
}

/** @throws {CompilerError} `E_INVALID_OPTION` for numbers that the dtype does not hold. */
function asTensor(constant: InputConstant, { dtype }: TensorType, name: string): Tensor {
  const numbers = typeof constant === 'number' ? [constant] : constant;
  if (!isNumbers(numbers)) return numbers;
  const wrong = numbers.find((number) => !holds(dtype, number));
  if (wrong !== undefined) {
    throw invalidOption(`Input ${quoted(name)} is ${dtype}, which does not hold ${wrong}.`);
  }
  const encode = halfFormats[dtype] ?? ((number: number) => number);
  const dims = typeof constant === 'number' ? [] : [numbers.length];
  return tensorOf(dtype, dims, numbers.map(encode));
}

const halfFormats: Readonly<Partial<Record<DType, (number: number) => number>>> = {
  float16: numberToFloat16,
  bfloat16: numberToBfloat16,
};

function holds(dtype: DType, number: number): boolean {
  const { kind, bytes } = dtypes[dtype];
  if (kind === 'float') return true;
  if (kind === 'string' || !Number.isSafeInteger(number)) return false;
  if (kind === 'bool') return number === 0 || number === 1;
  const bits = bytes * 8;
  const [low, high] = kind === 'signed' ? [-(2 ** (bits - 1)), 2 ** (bits - 1)] : [0, 2 ** bits];
  return number >= low && number < high;
}

function isNumbers(constant: Tensor | readonly number[]): constant is readonly number[] {
  return Array.isArray(constant);
}

/** Dims that are not known may be any. */
function fits(tensor: Tensor, { dtype, dims }: TensorType): boolean {
  const isOfDims = dims.every((dim, axis) => !isBound(dim) || dim === tensor.dims[axis]);
  return tensor.dtype === dtype && tensor.dims.length === dims.length && isOfDims;
}

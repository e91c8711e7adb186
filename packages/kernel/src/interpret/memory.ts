/**
 * A kernel's parameters while it is interpreted. Each has one binding, filled before every run, so
 * that compiled closures need no other argument. Every access is checked against the buffer.
 */

import {
  bfloat16ToNumber,
  CompilerError,
  float16ToNumber,
  type NumericArray,
  newTypedArray,
  numberToBfloat16,
  numberToFloat16,
  type TypedArray,
} from '@whittle/ir';
import type { Kernel, Param } from '../loop-ir.js';

/** What stands for a parameter: a whole buffer, and the element from which its indices count. */
export interface KernelArgument {
  readonly data: TypedArray;
  /** Elements from the start of `data`; 0 where absent. */
  readonly offset?: number;
}

/** The parameter's memory: 64-bit integers are held as bigints, all else as numbers. */
export type Binding = NumberBinding | BigintBinding;

export interface NumberBinding extends Place {
  readonly wide: false;
  data: NumericArray;
}

interface BigintBinding extends Place {
  readonly wide: true;
  data: BigInt64Array | BigUint64Array;
}

interface Place {
  readonly kernel: string;
  readonly param: Param;
  offset: number;
}

/** The binding of a parameter, as yet of no elements. */
export function unbound(kernel: Kernel, param: Param): Binding {
  const data = newTypedArray(param.dtype, 0);
  const place = { kernel: kernel.name, param, offset: 0 };
  return isBigintArray(data) ? { wide: true, data, ...place } : { wide: false, data, ...place };
}

/** @throws {CompilerError} `E_INTERNAL` where the argument's array is not of the parameter's dtype. */
export function bind(binding: Binding, { data, offset = 0 }: KernelArgument): void {
  binding.offset = offset;
  const sameClass = data.constructor === binding.data.constructor;
  if (sameClass && binding.wide && isBigintArray(data)) binding.data = data;
  else if (sameClass && !binding.wide && !isBigintArray(data)) binding.data = data;
  else {
    const { kernel, param } = binding;
    throw new CompilerError(
      'E_INTERNAL',
      `Kernel "${kernel}": the argument for ${param.name} is no array of ${param.dtype}.`,
    );
  }
}

export function outOfBounds(access: 'load' | 'store', binding: Binding, at: number): CompilerError {
  const { kernel, param, data, offset } = binding;
  return new CompilerError(
    'E_INTERNAL',
    `Kernel "${kernel}": the ${access} of ${param.name}[${at}] is outside of its buffer, ` +
      `which holds ${data.length} elements, counted from element ${offset}.`,
  );
}

/** How a 16-bit float's bits and its number convert. */
export const halfFormats = {
  float16: { decode: float16ToNumber, encode: numberToFloat16 },
  bfloat16: { decode: bfloat16ToNumber, encode: numberToBfloat16 },
} as const;

function isBigintArray(data: TypedArray): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

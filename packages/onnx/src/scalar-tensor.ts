/** 0-d tensors and the one number in them, 16-bit floats included. */

import {
  bfloat16ToNumber,
  type DType,
  float16ToNumber,
  numbersOf,
  numberToBfloat16,
  numberToFloat16,
  type Tensor,
  tensorOf,
} from '@whittle/ir';

export function scalarTensor(dtype: DType, value: number): Tensor {
  return tensorOf(dtype, [], [halfBits[dtype]?.toBits(value) ?? value]);
}

/** The number in a tensor of one element, or undefined where there is another number of them. */
export function scalarNumber(tensor: Tensor | undefined): number | undefined {
  if (tensor === undefined || tensor.dtype === 'string') return undefined;
  const [number, ...more] = numbersOf(tensor);
  if (number === undefined || more.length > 0) return undefined;
  return halfBits[tensor.dtype]?.toNumber(number) ?? number;
}

interface HalfBits {
  readonly toBits: (value: number) => number;
  readonly toNumber: (bits: number) => number;
}

const halfBits: { readonly [K in DType]?: HalfBits } = {
  float16: { toBits: numberToFloat16, toNumber: float16ToNumber },
  bfloat16: { toBits: numberToBfloat16, toNumber: bfloat16ToNumber },
};

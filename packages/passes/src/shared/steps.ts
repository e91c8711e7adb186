/**
 * The ops that composites are written in, as functions over values. A number among operands is a
 * constant of the dtype of the value beside it.
 */

import {
  type AttributeLiterals,
  type DType,
  dtypes,
  int64Tensor,
  type Rewriter,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { scalarTensor } from './constants.js';

type Operand = Value | number;

export interface Steps {
  /** An elementwise op, broadcast. At least one operand is a value. */
  apply(op: string, operands: readonly Operand[], attributes?: AttributeLiterals): Value;
  cast(value: Value, dtype: DType): Value;
  reshape(value: Value, dims: readonly number[]): Value;
  /** A reduction over axes, which stay as axes of size 1 unless `keepdims` is 0. */
  reduce(op: string, value: Value, axes: readonly number[], keepdims?: 0 | 1): Value;
  /** The elements of one axis from `start` up to `end`, `step` apart. */
  slice(value: Value, axis: number, start: number, end: number, step?: number): Value;
  pad(value: Value, before: readonly number[], after: readonly number[], fill: number): Value;
  /** The whole numbers from `start` up to `end`, a 1-d int32 constant. */
  range(start: number, end: number): Value;
  /** A 1-d int64 constant. */
  ints(values: readonly number[]): Value;
}

/** Composites are taken apart where types are known; the rest stays as it is. */
export function dtypeOf(value: Value): DType {
  return value.type?.dtype ?? 'float32';
}

export function stepsOf(rewriter: Rewriter): Steps {
  const ints = (values: readonly number[]): Value => rewriter.constant(int64Tensor(values));
  const operand = (given: Operand, dtype: DType): Value =>
    typeof given === 'number' ? rewriter.constant(scalarTensor(dtype, given)) : given;
  return {
    ints,
    apply: (op, operands, attributes = {}) => {
      const dtype = dtypeBeside(operands);
      return rewriter.op(
        op,
        operands.map((given) => operand(given, dtype)),
        attributes,
      );
    },
    cast: (value, dtype) =>
      value.type?.dtype === dtype
        ? value
        : rewriter.op('Cast', [value], { to: dtypes[dtype].code }),
    reshape: (value, dims) => rewriter.op('Reshape', [value, ints(dims)]),
    reduce: (op, value, axes, keepdims = 1) => rewriter.op(op, [value, ints(axes)], { keepdims }),
    slice: (value, axis, start, end, step = 1) =>
      rewriter.op('Slice', [value, ints([start]), ints([end]), ints([axis]), ints([step])]),
    pad: (value, before, after, fill) =>
      rewriter.op('Pad', [value, ints([...before, ...after]), operand(fill, dtypeOf(value))]),
    range: (start, end) => {
      const numbers = Array.from({ length: end - start }, (_, i) => start + i);
      return rewriter.constant(tensorOf('int32', [numbers.length], numbers));
    },
  };
}

/** The dtype of the last value among operands, which of `Where` is not its condition. */
function dtypeBeside(operands: readonly Operand[]): DType {
  const values = operands.filter((given) => typeof given !== 'number');
  return values.at(-1)?.type?.dtype ?? 'float32';
}

/** Float constants as numbers that can be computed with, without a copy where that can be. */

import { type Tensor, tensorFrom, typedArrayOf } from '@whittle/ir';

export type Floats = Float32Array | Float64Array;

/** The elements of an f32 or f64 tensor, not to be written to; undefined for other dtypes. */
export function floatsOf(tensor: Tensor | undefined): Floats | undefined {
  if (tensor?.dtype !== 'float32' && tensor?.dtype !== 'float64') return undefined;
  const data = typedArrayOf(tensor);
  return data instanceof Float32Array || data instanceof Float64Array ? data : undefined;
}

/** The elements in f64, a copy; undefined for dtypes other than f32 and f64. */
export function doublesOf(tensor: Tensor | undefined): Float64Array | undefined {
  const data = floatsOf(tensor);
  return data && new Float64Array(data);
}

/** Zeros in the dtype of `like`. A store to it rounds what was computed in f64, once. */
export function zerosLike(like: Floats, length: number): Floats {
  return like instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

export function tensorOfFloats(dims: readonly number[], data: Floats): Tensor {
  return tensorFrom(data instanceof Float32Array ? 'float32' : 'float64', dims, data);
}

/** A tensor of values that were computed in f64, rounded to the dtype of `like`. */
export function roundedTensor(like: Floats, dims: readonly number[], values: Float64Array): Tensor {
  const rounded = zerosLike(like, values.length);
  rounded.set(values);
  return tensorOfFloats(dims, rounded);
}

/** A matrix of `rows` rows as one of so many columns. Blocks keep both sides of the copy in cache. */
export function transposedMatrix(matrix: Floats, rows: number): Floats {
  const columns = matrix.length / rows;
  const transposed = zerosLike(matrix, matrix.length);
  for (let top = 0; top < rows; top += matrixBlock) {
    const bottom = Math.min(rows, top + matrixBlock);
    for (let column = 0; column < columns; column++) {
      for (let row = top; row < bottom; row++) {
        transposed[column * rows + row] = matrix[row * columns + column] ?? 0;
      }
    }
  }
  return transposed;
}

const matrixBlock = 16;

export function negated(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}

export function filled(length: number, value: number): Float64Array {
  return new Float64Array(length).fill(value);
}

export function reciprocals(values: Float64Array): Float64Array {
  return values.map((value) => 1 / value);
}

/** A weight of 0 times an infinite factor is not what the graph computes. */
export function areFinite(values: Floats | undefined): boolean {
  return values === undefined || values.every((value: number) => Number.isFinite(value));
}

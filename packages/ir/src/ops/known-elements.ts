/**
 * Elements that inference knows without running anything: the shape arithmetic of exported models
 * (`Shape` → `Gather` → `Unsqueeze` → `Concat` → `Reshape`). They are row-major lists of dims, of
 * tensors of at most 128 elements, the pads of as many axes as a tensor may have. Those of a float tensor may be fractions, where a model scales
 * a size in floats and casts back; a symbolic one is always a whole number.
 */

import { allBound, type Dim, isBound } from '../dim.js';
import { type DType, dtypes, isFloat } from '../dtype.js';
import type { InferContext, InferredOutput } from '../op-record.js';
import { elementCount, numbersOf } from '../tensor.js';

export type Elements = readonly Dim[];

const maxElements = 128;

/** Where an output element comes from: its index, one number per axis. */
export type Index = readonly number[];

/** The known elements of input `index`; of small single or double precision constants as well. */
export function elementsOfInput(context: InferContext, index: number): Elements | undefined {
  const elements = context.elements(index);
  if (elements !== undefined || !context.has(index)) return elements;
  const constant = context.constant(index);
  if (constant === undefined || elementCount(constant.dims) > maxElements) return undefined;
  if (constant.dtype !== 'float32' && constant.dtype !== 'float64') return undefined;
  return numbersOf(constant);
}

/** An output with its elements, where they are known. */
export function outputOf(
  dtype: DType,
  dims: readonly Dim[],
  elements?: Elements | undefined,
): InferredOutput {
  return elements === undefined ? { dtype, dims } : { dtype, dims, elements };
}

/** The elements of a tensor of `dims`, each asked for by its index; undefined if one is unknown. */
export function buildElements(
  dims: readonly Dim[],
  at: (index: Index) => Dim | undefined,
): Elements | undefined {
  if (!allBound(dims)) return undefined;
  const count = elementCount(dims);
  if (!(count <= maxElements)) return undefined;
  const index = dims.map(() => 0);
  const elements: Dim[] = [];
  for (let n = 0; n < count; n++) {
    const element = at(index);
    if (element === undefined) return undefined;
    elements.push(element);
    advance(index, dims);
  }
  return elements;
}

/** Looks up elements of a tensor of `dims` by index, broadcast: leading axes are dropped, 1 repeats. */
export function elementReader(
  elements: Elements | undefined,
  dims: readonly Dim[],
): ((index: Index) => Dim | undefined) | undefined {
  if (elements === undefined || !allBound(dims)) return undefined;
  return (index) => {
    const skipped = index.length - dims.length;
    let offset = 0;
    for (const [axis, dim] of dims.entries()) {
      offset = offset * dim + (dim === 1 ? 0 : (index[axis + skipped] ?? 0));
    }
    return elements[offset];
  };
}

/** The known elements of input 0 at the places that `source` gives for each output index. */
export function movedElements(
  context: InferContext,
  dims: readonly Dim[],
  source: (index: Index) => Index,
): Elements | undefined {
  const read = elementReader(context.elements(0), context.input(0).dims);
  return read && buildElements(dims, (index) => read(source(index)));
}

/**
 * The elements of an elementwise op over all inputs, broadcast to `dims`, each made to fit `dtype`.
 * `fold` gives undefined where the result is not known.
 */
export function foldElements(
  context: InferContext,
  dtype: DType,
  dims: readonly Dim[],
  fold: (operands: readonly Dim[]) => Dim | undefined,
): Elements | undefined {
  const readers: ((index: Index) => Dim | undefined)[] = [];
  for (let input = 0; input < context.inputCount; input++) {
    const reader = elementReader(elementsOfInput(context, input), context.input(input).dims);
    if (reader === undefined) return undefined;
    readers.push(reader);
  }
  return buildElements(dims, (index) => {
    const operands: Dim[] = [];
    for (const read of readers) {
      const operand = read(index);
      if (operand === undefined) return undefined;
      operands.push(operand);
    }
    const result = fold(operands);
    return result === undefined ? undefined : fitElement(result, dtype);
  });
}

/** An element as `dtype` holds it; undefined where it would wrap around, round or is not tracked. */
export function fitElement(element: Dim, dtype: DType): Dim | undefined {
  if (!isBound(element)) return dtype === 'bool' || !isTracked(dtype) ? undefined : element;
  switch (dtypes[dtype].kind) {
    case 'float':
      if (!Number.isFinite(element) || !isTracked(dtype)) return undefined;
      return dtype === 'float32' ? Math.fround(element) : element;
    case 'signed':
    case 'unsigned':
      return isInRange(element, dtype) ? element + 0 : undefined;
    case 'bool':
      return element === 0 ? 0 : 1;
    case 'string':
      return undefined;
  }
}

function isTracked(dtype: DType): boolean {
  return !isFloat(dtype) || dtype === 'float32' || dtype === 'float64';
}

function isInRange(element: number, dtype: DType): boolean {
  const { kind, bytes } = dtypes[dtype];
  const bits = Math.min(bytes * 8, 54);
  const low = kind === 'signed' ? -(2 ** (bits - 1)) : 0;
  const high = kind === 'signed' ? 2 ** (bits - 1) : 2 ** Math.min(bits, 53);
  return Number.isInteger(element) && element >= low && element < high;
}

function advance(index: number[], dims: readonly number[]): void {
  for (let axis = index.length - 1; axis >= 0; axis--) {
    const next = (index[axis] ?? 0) + 1;
    if (next < (dims[axis] ?? 0)) {
      index[axis] = next;
      return;
    }
    index[axis] = 0;
  }
}

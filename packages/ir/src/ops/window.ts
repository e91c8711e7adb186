/**
 * Sliding windows: how convolution and pooling turn spatial dims into spatial dims.
 *
 * Vocabulary: the *extent* of a window is the span its dilated taps cover,
 * `(kernel - 1) * dilation + 1`. All lists have one entry per spatial axis; `pads` has the begins of
 * all axes, then the ends.
 */

import {
  addDims,
  ceilDivDims,
  type Dim,
  floorDivDims,
  formatDim,
  isBound,
  minDims,
  mulDims,
  subDims,
} from '../dim.js';
import type { InferContext } from '../op-record.js';
import { requireOneOf } from './checks.js';

const autoPads = ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'] as const;

/** The attributes of a window, defaults filled in. */
export interface WindowAttributes {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  readonly autoPad: (typeof autoPads)[number];
}

/** Reads and checks `strides`, `dilations`, `pads` and `auto_pad` for so many spatial axes. */
export function windowAttributes(context: InferContext, spatialRank: number): WindowAttributes {
  return {
    ...explicitWindow(context, spatialRank),
    autoPad: requireOneOf(context, 'auto_pad', autoPads),
  };
}

/** As `windowAttributes`, of an op whose pads are always numbers. */
export function explicitWindow(context: InferContext, spatialRank: number): WindowAttributes {
  return {
    strides: positives(context, 'strides', spatialRank) ?? ones(spatialRank),
    dilations: positives(context, 'dilations', spatialRank) ?? ones(spatialRank),
    pads: nonNegatives(context, 'pads', 2 * spatialRank) ?? zeros(2 * spatialRank),
    autoPad: 'NOTSET',
  };
}

/** An attribute of whole numbers above zero, one per spatial axis. */
export function positives(
  context: InferContext,
  name: string,
  length: number,
): readonly number[] | undefined {
  return checkedInts(context, name, length, 1);
}

/** An attribute of whole numbers, none negative. */
export function nonNegatives(
  context: InferContext,
  name: string,
  length: number,
): readonly number[] | undefined {
  return checkedInts(context, name, length, 0);
}

/** The dims that a window gives by sliding over spatial dims `input`. */
export function slideWindow(
  context: InferContext,
  input: readonly Dim[],
  kernel: readonly Dim[],
  window: WindowAttributes,
  ceil: boolean,
): readonly Dim[] {
  const rank = input.length;
  return input.map((size, axis) => {
    const stride = window.strides[axis] ?? 1;
    const extent = extentOf(kernel[axis] ?? 1, window.dilations[axis] ?? 1);
    const output = slideAxis(size, extent, stride, ceil, window, [
      window.pads[axis] ?? 0,
      window.pads[axis + rank] ?? 0,
    ]);
    if (isBound(output) && output < 1) {
      context.fail(
        `has a window of extent ${formatDim(extent)} that does not fit into spatial axis ${axis} of size ${formatDim(size)}`,
      );
    }
    return output;
  });
}

export function extentOf(kernel: Dim, dilation: number): Dim {
  return addDims(mulDims(subDims(kernel, 1), dilation), 1);
}

function slideAxis(
  size: Dim,
  extent: Dim,
  stride: number,
  ceil: boolean,
  { autoPad }: WindowAttributes,
  [begin, end]: readonly [number, number],
): Dim {
  switch (autoPad) {
    case 'SAME_UPPER':
    case 'SAME_LOWER':
      return ceilDivDims(size, stride);
    case 'VALID':
      return addDims(floorDivDims(subDims(size, extent), stride), 1);
    case 'NOTSET': {
      const room = subDims(addDims(size, begin + end), extent);
      if (!ceil) return addDims(floorDivDims(room, stride), 1);
      const windows = addDims(ceilDivDims(room, stride), 1);
      // A window that would start in the padding at the end is left out.
      const spare = subDims(end + stride, extent);
      if (isBound(spare) && spare <= 0) return windows;
      return minDims(windows, ceilDivDims(addDims(size, begin), stride));
    }
  }
}

function checkedInts(
  context: InferContext,
  name: string,
  length: number,
  least: number,
): readonly number[] | undefined {
  const values = context.optionalInts(name);
  if (values === undefined || values.length === 0) return undefined;
  if (values.length !== length) {
    context.fail(`has ${values.length} ${name} where ${length} are needed`);
  }
  for (const value of values) {
    if (!Number.isSafeInteger(value) || value < least)
      context.fail(`has ${value} among its ${name}`);
  }
  return values;
}

function ones(length: number): readonly number[] {
  return Array<number>(length).fill(1);
}

function zeros(length: number): readonly number[] {
  return Array<number>(length).fill(0);
}

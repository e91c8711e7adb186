/** One convolution as numbers and views, from which its schedules are written. */

import type { Block } from '../block.js';
import { add, floormod, index, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { positionOf, type View } from '../view.js';
import type { Window } from './window.js';

/** What a schedule knows of one convolution. Views have N, C and then the spatial axes. */
export interface Convolution {
  readonly windows: readonly Window[];
  readonly batch: number;
  readonly groups: number;
  /** Input and output channels of one group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly input: Memory;
  readonly output: Memory;
  readonly residual: Memory | undefined;
  /** The filter, `[M, C/g, taps…]`, where it is another than the node's input 1. */
  readonly filter?: ArrayLike<number>;
  /** Whether the caller applies the activation when all is stored. */
  readonly activatesLater?: boolean;
  /** Where the terms of sums are other than products of the inputs' elements. */
  readonly sums?: Sums;
}

/** How sums over packed terms begin, grow and end. Channels are those of the output. */
export interface Sums {
  /**
   * The weights in panels of so many columns, as a register tile of `grouped-convolution.ts` reads them at
   * the taps of `windows`.
   */
  weights?(
    windows: readonly Window[],
    width: number,
  ): (block: Block, g: Expr, start: Expr, column: Expr, at: readonly Expr[]) => Expr;
  /** The same of a depthwise convolution. */
  taps?(width: number): ReadTap;
  term(a: Expr, b: Expr): Expr;
  init(block: Block, channel: Expr): Expr;
  finish(block: Block, channel: Expr, sum: Expr): Expr;
}

/** An output channel: the first one of its panel of weights, and how far it is from that. */
export interface ChannelPlace {
  readonly panel: Expr;
  readonly within: Expr;
}

/** The weight of a depthwise filter at a tap. */
export type ReadTap = (taps: readonly Expr[], lastTap: number, channel: ChannelPlace) => Expr;

/** Memory under a parameter. */
export interface Memory {
  readonly param: string;
  readonly view: View;
  /** Elements from where the parameter points to index 0 of the view; none where absent. */
  readonly start?: Expr;
  /** Given where the first spatial axis wraps around. */
  readonly ring?: Ring;
}

/** Neighbours along the last axis: where the first of them is on every axis, and how many. */
export interface Pixels {
  readonly first: readonly Expr[];
  readonly count: number;
}

/** Row i of the view lies in slot (first + i) modulo `slots`; neither may be negative. */
interface Ring {
  readonly first: Expr;
  readonly slots: number;
}

/** The first of the spatial axes, whose positions are called rows. */
export const rowAxis = 2;

/** Where an element lies, counted from where the parameter points. */
export function placeIn(memory: Memory, at: readonly Expr[]): Expr {
  const { view, start = index(0), ring } = memory;
  return add(positionOf(view, ring === undefined ? at : at.with(rowAxis, slotOf(ring, at))), start);
}

function slotOf({ first, slots }: Ring, at: readonly Expr[]): Expr {
  return floormod(add(first, at[rowAxis] ?? index(0)), slots);
}

/** An element of memory that is read. */
export function loadFrom(memory: Memory, at: readonly Expr[]): Expr {
  return load(memory.param, memory.view.dtype, placeIn(memory, at));
}

/** The same memory with its index 0 at another position of one axis. */
export function startAt(memory: Memory, axis: number, position: Expr): Memory {
  const offset = mul(position, index(memory.view.strides[axis] ?? 0));
  return { ...memory, start: add(memory.start ?? index(0), offset) };
}

/** The positions from `start` on of one axis. */
export function partOf(memory: Memory, axis: number, start: Expr, count: number): Memory {
  const { view, ...moved } = startAt(memory, axis, start);
  return { ...moved, view: { ...view, dims: view.dims.with(axis, count) } };
}

/** Some channels of neighbouring pixels of one image. */
export function pixelsOf(
  image: Memory,
  n: Expr,
  channels: { readonly start: Expr; readonly count: number },
  { first, count }: Pixels,
): Memory {
  const ofImage = partOf(partOf(image, 0, n, 1), 1, channels.start, channels.count);
  return first.reduce((part, at, axis) => {
    const isLast = axis === first.length - 1;
    return partOf(part, rowAxis + axis, at, isLast ? count : 1);
  }, ofImage);
}

/** The rows from `start` on of one image, as an image of `count` rows. */
export function rowsOf(memory: Memory, start: Expr, count: number): Memory {
  const dims = memory.view.dims.with(0, 1).with(rowAxis, count);
  const { param, view, start: from } = startAt(memory, rowAxis, start);
  return { param, view: { ...view, dims }, ...(from && { start: from }) };
}

/** One convolution as numbers and views, from which its schedules are written. */

import { add, index, load } from '../expr.js';
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
}

/** Memory under a parameter. */
export interface Memory {
  readonly param: string;
  readonly view: View;
  /** Elements from where the parameter points to index 0 of the view; none where absent. */
  readonly start?: number;
}

/** Where an element lies, counted from where the parameter points. */
export function placeIn({ view, start = 0 }: Memory, at: readonly Expr[]): Expr {
  return add(positionOf(view, at), index(start));
}

/** An element of memory that is read. */
export function loadFrom(memory: Memory, at: readonly Expr[]): Expr {
  return load(memory.param, memory.view.dtype, placeIn(memory, at));
}

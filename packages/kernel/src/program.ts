/**
 * A `Program` is all that a target needs to spell: kernels, the steps that launch them in order,
 * buffers with their places in memory, the bytes of the constants, and the model's inputs and
 * outputs. Nothing in it is left to decide.
 */

import type { DType } from '@whittle/ir';
import type { Kernel, Space } from './loop-ir.js';
import type { View } from './view.js';

export interface Program {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly kernels: readonly Kernel[];
  /** They run once, in order, when an instance is made: from constants they make prepared buffers. */
  readonly setup: readonly Step[];
  /** They run in order, each time. Prepared buffers they read only. */
  readonly steps: readonly Step[];
  readonly buffers: readonly Buffer[];
  readonly arena: ArenaPlan;
  /** Of all prepared buffers, which keep their place for as long as the instance is there. */
  readonly preparedBytes: number;
  /** The weights file: each constant buffer little-endian at its offset, zeros between. */
  readonly constants: Uint8Array;
}

/** A model input or output: its own name, and where its elements lie, row-major and dense. */
export interface Port {
  readonly name: string;
  readonly dtype: Exclude<DType, 'string'>;
  readonly dims: readonly number[];
  /** Of the port's dtype, also where its buffer is of words, to which the elements are converted. */
  readonly view: View;
}

export interface Buffer {
  readonly name: string;
  readonly space: Space;
  /** On a target that has a grid a `WordType`, or float16 with halves, except of constants. */
  readonly dtype: Exclude<DType, 'string'>;
  /** Elements, halo included. */
  readonly length: number;
  /** From the start of the space; a multiple of 64, on a target that has a grid of its alignment. */
  readonly byteOffset: number;
  /** The steps at which an arena buffer is first written and last read; inputs begin at -1. */
  readonly live: readonly [number, number];
}

/** Launches a kernel; `args[i]` is what its parameter `i` stands for. */
export interface Step {
  readonly kernel: string;
  readonly args: readonly Argument[];
  /** The node this came from, for traces: op and name. */
  readonly label: string;
  /** Multiply-adds of one launch; 0 where the kernel is no contraction. */
  readonly macs: number;
}

export interface Argument {
  readonly buffer: string;
  /** Elements from the start of the buffer. */
  readonly offset: number;
}

export interface ArenaPlan {
  readonly bytes: number;
  /** The largest sum of live bytes at any step: no plan can be smaller. */
  readonly lowerBoundBytes: number;
  /**
   * The arena from its first byte to its last, at least one. Where there are more, no step reads one buffer
   * and writes another of the same bank.
   */
  readonly banks: readonly Bank[];
}

/** A stretch of the arena that holds whole buffers: on a GPU, a buffer of its own. */
export interface Bank {
  /** From the start of the arena. */
  readonly byteOffset: number;
  readonly bytes: number;
}

/**
 * A `Program` is all that a target needs to spell: kernels, the steps that launch them,
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
  readonly setup: readonly Launch[];
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
  /**
   * Of an output, the axes whose size only a run tells, of which `dims` has the most. Elements lie as the dims
   * say; those beyond a size are none of the output's. Default: none.
   */
  readonly sizes?: readonly PortSize[];
}

/** A size of an output that a run leaves in the first element of a buffer, an int32. */
export interface PortSize {
  readonly axis: number;
  /** What the model calls it, or a sum or the like over such names. */
  readonly name: string;
  readonly buffer: string;
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
  /**
   * The steps at which an arena buffer is first written and last read, as `numbered` counts them; inputs begin
   * at -1.
   */
  readonly live: readonly [number, number];
}

/** What a run does at one point. */
export type Step = Launch | Branch | Repeat;

/** Launches a kernel; `args[i]` is what its parameter `i` stands for. */
export interface Launch {
  readonly kind: 'launch';
  readonly kernel: string;
  readonly args: readonly Argument[];
  /** The node this came from, for traces: op and name. */
  readonly label: string;
  /** Multiply-adds of one launch; 0 where the kernel is no contraction. */
  readonly macs: number;
}

/** Runs one of two lists of steps. Only targets without a grid have it. */
export interface Branch {
  readonly kind: 'if';
  /** A bool. */
  readonly condition: Argument;
  readonly then: readonly Step[];
  readonly otherwise: readonly Step[];
  readonly label: string;
}

/**
 * Runs its steps turn after turn, as long as the counter is below the limit and the condition holds. At least
 * one of the two is there. Only targets without a grid have it.
 */
export interface Repeat {
  readonly kind: 'repeat';
  /** An int64 in the arena: 0 in the first turn, then one more in each. */
  readonly counter: Argument;
  /** A number, or an int64. */
  readonly limit?: number | Argument;
  /** A bool, which is looked at before each turn. */
  readonly condition?: Argument;
  readonly steps: readonly Step[];
  readonly label: string;
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

/** What a module says of a port: a size that only a run tells by its name, and then the most of all sizes. */
export function signatureOfPort({ name, dtype, dims, sizes = [] }: NamedPort): PortSignature {
  if (sizes.length === 0) return { name, dtype, dims };
  const names = new Map(sizes.map((size) => [size.axis, size.name]));
  return { name, dtype, dims: dims.map((dim, axis) => names.get(axis) ?? dim), most: dims };
}

interface NamedPort extends Pick<Port, 'name' | 'dtype' | 'dims'> {
  readonly sizes?: readonly Pick<PortSize, 'axis' | 'name'>[];
}

export interface PortSignature extends Pick<Port, 'name' | 'dtype'> {
  readonly dims: readonly (number | string)[];
  readonly most?: readonly number[];
}

/** The buffers of the sizes of all outputs, each once. */
export function sizeBuffersOf({ outputs }: Pick<Program, 'outputs'>): readonly string[] {
  return [...new Set(outputs.flatMap(({ sizes = [] }) => sizes.map(({ buffer }) => buffer)))];
}

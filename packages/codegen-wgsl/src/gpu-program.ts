/**
 * A program as WebGPU runs it: shaders, the buffers they work on, and every dispatch with what it is
 * bound to, known before a device is. The host of the emitted module walks these tables and decides nothing.
 */

import type { Port, WordType } from '@whittle/kernel';

export interface GpuProgram {
  readonly shaders: readonly Shader[];
  /** Bytes of each buffer of the arena. */
  readonly banks: readonly number[];
  readonly preparedBytes: number;
  /** The weights file, which is one buffer. */
  readonly constants: Uint8Array;
  /** They run once, in order, when an instance is made. */
  readonly setup: readonly Dispatch[];
  readonly dispatches: readonly Dispatch[];
  readonly inputs: readonly GpuPort[];
  readonly outputs: readonly GpuPort[];
  /** Features that a device has to have, by their names in WebGPU. Default: none. */
  readonly features?: readonly 'shader-f16'[];
}

/** One module of WGSL, whose entry point is `main`; its bindings are of group 0, from 0 on. */
export interface Shader {
  readonly code: string;
  readonly bindings: readonly ('read' | 'read_write')[];
}

export interface Dispatch {
  /** Of `shaders`. */
  readonly shader: number;
  /** Each at most 65,535. */
  readonly workgroups: readonly [number, number, number];
  readonly bindings: readonly Range[];
}

/** Which buffer of an instance: the weights, what is prepared from them, or a bank of the arena. */
export type GpuBufferName = 'weights' | 'prepared' | number;

export interface Range {
  readonly buffer: GpuBufferName;
  /** A multiple of 256 of what is bound, of 4 of a port. */
  readonly byteOffset: number;
  /** A multiple of 4. */
  readonly byteLength: number;
}

/** An input or output of the model: its own name, dtype and dims, and where its elements lie, dense. */
export interface GpuPort extends Pick<Port, 'name' | 'dtype' | 'dims'> {
  /** What its elements lie there as. */
  readonly held: WordType | 'float16';
  /** As many bytes as hold the elements, and two more where that is no multiple of 4. */
  readonly range: Range;
  /** Of an output, where the sizes lie that only a run tells, each an int32. Default: none. */
  readonly sizes?: readonly PlacedSize[];
}

export interface PlacedSize {
  readonly axis: number;
  readonly name: string;
  /** Of four bytes. */
  readonly range: Range;
}

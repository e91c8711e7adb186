/** What a target can do, as far as schedules care. Each code generator brings its record. */

import type { TargetCapabilities, ThreadGrid } from '@whittle/ir';

export interface Capabilities extends TargetCapabilities {
  /** Output pixels that a depthwise kernel computes together. */
  readonly depthwisePixels: number;
  /**
   * Terms of a sum that are written out in one turn of its loop, where neighbouring elements can be loaded
   * together though they are no lanes. Default: 1.
   */
  readonly termsTogether?: number;
  /** Whether lanes can be loaded from memory of 8-bit integers and stored there. Default: no. */
  readonly narrowLanes?: boolean;
  /** Whether `max` becomes a branch, which values of random sign mispredict. */
  readonly branchesOnMax: boolean;
  /**
   * Which convolutions of 3 × 3 taps are computed by Winograd's minimal filtering: those where the cost
   * model says so or, for tests, all that can be, with output tiles of so many pixels a side.
   */
  readonly winograd: 'none' | 'auto' | 2 | 4;
  /**
   * For targets that run a kernel in many threads at once. Their memory is of words of four bytes, in which
   * narrower elements take one each, and buffers that a step reads and writes lie apart.
   */
  readonly grid?: Grid;
}

export interface Grid extends ThreadGrid {
  /** What the place of a buffer is a multiple of, in bytes. */
  readonly alignment: number;
  /** Whether memory holds `float32` as `float16`, which is computed in `float32` as ever. Default: no. */
  readonly halves?: boolean;
}

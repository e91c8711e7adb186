/** What a target can do, as far as schedules care. Each code generator brings its record. */

import type { TargetCapabilities } from '@whittle/ir';

export interface Capabilities extends TargetCapabilities {
  /** Output pixels that a depthwise kernel computes together. */
  readonly depthwisePixels: number;
  /** Whether `max` becomes a branch, which values of random sign mispredict. */
  readonly branchesOnMax: boolean;
  /**
   * Which convolutions of 3 × 3 taps are computed by Winograd's minimal filtering: those where the cost
   * model says so or, for tests, all that can be, with output tiles of so many pixels a side.
   */
  readonly winograd: 'none' | 'auto' | 2 | 4;
}

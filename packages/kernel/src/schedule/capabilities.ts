/** What a target can do, as far as schedules care. Each code generator brings its record. */

import type { TargetCapabilities } from '@whittle/ir';

export interface Capabilities extends TargetCapabilities {
  /** Output pixels that a depthwise kernel computes together. */
  readonly depthwisePixels: number;
  /** Whether `max` becomes a branch, which values of random sign mispredict. */
  readonly branchesOnMax: boolean;
}

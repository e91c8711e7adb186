/** What a target can do, as far as schedules care. Each code generator brings its record. */

import type { TargetCapabilities } from '@whittle/ir';

export interface Capabilities extends TargetCapabilities {
  /** The register tile of a contraction that runs fastest: output pixels by output channels. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Output pixels that a depthwise kernel computes together. */
  readonly depthwisePixels: number;
  /** Whether `max` becomes a branch, which values of random sign mispredict. */
  readonly branchesOnMax: boolean;
}

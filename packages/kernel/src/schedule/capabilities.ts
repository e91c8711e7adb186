/** What a target can do, as far as schedules care. Each code generator brings its record. */

export interface Capabilities {
  readonly target: string;
  /** Float lanes of one vector instruction; 1 for scalar targets. */
  readonly lanes: number;
  /** The register tile of a contraction that runs fastest: output pixels by output channels. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Output pixels that a depthwise kernel computes together. */
  readonly depthwisePixels: number;
  /** Whether `max` becomes a branch, which values of random sign mispredict. */
  readonly branchesOnMax: boolean;
  /** Bytes that stay close to the core while a tile sweeps over them. */
  readonly cacheBytes: number;
}

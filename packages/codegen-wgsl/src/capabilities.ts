/** What WebGPU can do with the limits that every adapter has, as far as schedules care. */

import type { Capabilities, Grid } from '@whittle/kernel';

export const wgslCapabilities: Capabilities & { readonly grid: Grid } = {
  target: 'wgsl',
  lanes: 4,
  // Four pixels by a vec4 of channels for each thread.
  tileRows: 4,
  tileColumns: 4,
  productPixels: 0,
  depthwisePixels: 8,
  termsTogether: 4,
  branchesOnMax: false,
  winograd: 'none',
  grid: { workgroupSize: 64, sharedBytes: 16 * 1024, busyThreads: 512, alignment: 256 },
  cacheBytes: 0,
  // A laptop's GPU, roughly: what is decided by them depends on their proportions.
  costs: { contraction: 250, depthwise: 80, memory: 60, launch: 20_000 },
};

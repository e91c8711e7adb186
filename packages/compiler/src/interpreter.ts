/** The interpreter of programs as a target of schedules: scalar, with the smallest tiles there are. */

import type { Capabilities } from '@whittle/kernel';

export const interpreterCapabilities: Capabilities = {
  target: 'interpreter',
  lanes: 1,
  tileRows: 1,
  tileColumns: 1,
  productPixels: 0,
  depthwisePixels: 1,
  branchesOnMax: false,
  winograd: 'none',
  cacheBytes: 262_144,
  costs: { contraction: 2.1, depthwise: 2, memory: 5, launch: 20 },
};

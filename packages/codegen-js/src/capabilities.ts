/** What plain JavaScript can do, as far as schedules care. */

import type { Capabilities } from '@whittle/kernel';

export const jsCapabilities: Capabilities = {
  target: 'js',
  lanes: 1,
  // Twelve sums and seven operands: the largest tile that engines keep in x64's sixteen registers
  // well enough. docs/performance.md has the table.
  tileRows: 3,
  tileColumns: 4,
  productPixels: 0,
  depthwisePixels: 4,
  // V8 and SpiderMonkey compile Math.max to compare and jump.
  branchesOnMax: true,
  winograd: 'auto',
  cacheBytes: 256 * 1024,
  costs: { contraction: 2.1, depthwise: 2, memory: 5, launch: 20 },
};

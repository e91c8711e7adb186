/** What WebAssembly can do, as far as schedules care. */

import type { Capabilities } from '@whittle/kernel';

export const wasmCapabilities: Capabilities = {
  target: 'wasm',
  lanes: 4,
  tileRows: 4,
  tileColumns: 8,
  productPixels: 0,
  depthwisePixels: 4,
  branchesOnMax: false,
  winograd: 'none',
  cacheBytes: 512 * 1024,
  // Of the right order of magnitude only; they have not been measured on this target.
  costs: { contraction: 2, depthwise: 2, memory: 5, launch: 20 },
};

/** What WebAssembly can do, as far as schedules care. */

import type { Capabilities } from '@whittle/kernel';
import { laneCount } from './vector-constants.js';

export const wasmCapabilities: Capabilities = {
  target: 'wasm',
  lanes: laneCount,
  narrowLanes: true,
  tileRows: 4,
  tileColumns: 8,
  productPixels: 0,
  depthwisePixels: 4,
  branchesOnMax: false,
  winograd: 'auto',
  cacheBytes: 512 * 1024,
  // Contractions and memory as measured on a server of x86-64; the others are of the right order only.
  costs: { contraction: 20, depthwise: 10, memory: 10, launch: 20 },
};

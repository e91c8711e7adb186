/** Winograd's minimal filtering of both tile sizes, scalar and in vectors, against onnxruntime. */

import { interpretFor, testTarget } from './op-cases/interpret-graph.js';
import { runCases } from './op-cases/run-cases.js';
import { winogradCases } from './op-cases/winograd.js';

for (const winograd of [2, 4] as const) {
  for (const lanes of [1, 4]) {
    // So little cache that images of more than one row of tiles are cut into bands.
    const target = { ...testTarget, winograd, lanes, cacheBytes: 4096 };
    runCases(`F(${winograd}, 3) in ${lanes} lanes`, winogradCases, interpretFor(target));
  }
}

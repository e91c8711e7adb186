/** Lowered ops that move, reduce and pool, against onnxruntime. */

import { interpretGraph } from './op-cases/interpret-graph.js';
import { movementCases } from './op-cases/movement.js';
import { softmaxCases } from './op-cases/normalization.js';
import { poolingCases } from './op-cases/pooling.js';
import { reductionCases } from './op-cases/reductions.js';
import { runCases } from './op-cases/run-cases.js';

runCases('movement', movementCases, interpretGraph);
runCases('reductions', reductionCases, interpretGraph);
runCases('pooling', poolingCases, interpretGraph);
runCases('softmax', softmaxCases, interpretGraph);

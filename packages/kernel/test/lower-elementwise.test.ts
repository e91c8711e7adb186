/** Lowered elementwise ops against onnxruntime. */

import { elementwiseCases } from './op-cases/elementwise.js';
import { interpretGraph } from './op-cases/interpret-graph.js';
import { runCases } from './op-cases/run-cases.js';

runCases('elementwise', elementwiseCases, interpretGraph);

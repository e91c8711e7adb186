/** What lowering makes of each op, run by the interpreter, against onnxruntime. */

import { opCases } from './op-cases/all.js';
import { interpretGraph } from './op-cases/interpret-graph.js';
import { runCases } from './op-cases/run-cases.js';

for (const [family, cases] of Object.entries(opCases)) runCases(family, cases, interpretGraph);

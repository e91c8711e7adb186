/** Every op as emitted JavaScript, against onnxruntime. */

import { typedArrayOf } from '@whittle/ir';
import { lowerGraph } from '@whittle/kernel';
import { opCases } from '../../kernel/test/op-cases/all.js';
import type { RunGraph } from '../../kernel/test/op-cases/run-cases.js';
import { runCases } from '../../kernel/test/op-cases/run-cases.js';
import { emitJsModule, jsCapabilities } from '../src/index.js';
import { loadModel } from './load-module.js';

const runEmitted: RunGraph = async (graph, feeds) => {
  const program = lowerGraph(graph, jsCapabilities);
  const model = await loadModel(await emitJsModule(program, { stem: 'case', inline: false }));
  const data = Object.entries(feeds).map(([name, tensor]) => [name, typedArrayOf(tensor)]);
  return model.run(Object.fromEntries(data)) as ReturnType<RunGraph>;
};

for (const [family, cases] of Object.entries(opCases)) runCases(family, cases, runEmitted);

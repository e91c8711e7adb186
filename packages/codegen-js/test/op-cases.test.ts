/** Every op as emitted JavaScript, against onnxruntime. */

import { typedArrayOf } from '@whittle/ir';
import { type Capabilities, lowerGraph } from '@whittle/kernel';
import { opCases } from '../../kernel/test/op-cases/all.js';
import type { RunGraph } from '../../kernel/test/op-cases/run-cases.js';
import { runCases } from '../../kernel/test/op-cases/run-cases.js';
import { winogradCases } from '../../kernel/test/op-cases/winograd.js';
import { emitJsModule, jsCapabilities } from '../src/index.js';
import { loadModel } from './load-module.js';

const runFor =
  (target: Capabilities): RunGraph =>
  async (graph, feeds) => {
    const program = lowerGraph(graph, target);
    const model = await loadModel(await emitJsModule(program, { stem: 'case', inline: false }));
    const data = Object.entries(feeds).map(([name, tensor]) => [name, typedArrayOf(tensor)]);
    return model.run(Object.fromEntries(data)) as ReturnType<RunGraph>;
  };

// The interpreter runs all settings.
for (const [family, cases] of Object.entries(opCases)) {
  runCases(family, cases, runFor(jsCapabilities), 0);
}

for (const winograd of [2, 4] as const) {
  runCases(`F(${winograd}, 3)`, winogradCases, runFor({ ...jsCapabilities, winograd }));
}

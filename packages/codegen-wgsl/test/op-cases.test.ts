/** Every op as an emitted module on a GPU, against onnxruntime. */

import { typedArrayOf } from '@whittle/ir';
import { lowerGraph } from '@whittle/kernel';
import { afterAll, beforeAll, describe } from 'vitest';
import { importModule, loadOptions } from '../../codegen-js/test/load-module.js';
import { runGridCases } from '../../kernel/test/op-cases/grid-cases.js';
import type { RunGraph } from '../../kernel/test/op-cases/run-cases.js';
import { emitWgslModule, wgslCapabilities } from '../src/index.js';
import { destroyDevices, hasAdapter, openDevice } from './gpu.js';

let device: GPUDevice;

const run: RunGraph = async (graph, feeds) => {
  const program = lowerGraph(graph, wgslCapabilities);
  const files = await emitWgslModule(program, { stem: 'case', inline: false });
  const module = await importModule(files);
  const model = await module.load({ ...loadOptions(files), device });
  const data = Object.entries(feeds).map(([name, tensor]) => [name, typedArrayOf(tensor)]);
  const results = await model.run(Object.fromEntries(data));
  model.dispose();
  return results as ReturnType<RunGraph>;
};

/** A shift by more than the bits of a word; and a feed that takes more, which is refused. */
const wrong = new Set(['BitShift u64[2] u64[2] direction="LEFT"', 'Cast i64[3] to=6']);

describe.skipIf(!hasAdapter)('on a GPU', () => {
  beforeAll(async () => {
    device = await openDevice();
  });
  afterAll(destroyDevices);
  // Shaders take a software adapter long to compile, so each case runs in one setting.
  runGridCases(run, wrong, { inTurn: true });
});

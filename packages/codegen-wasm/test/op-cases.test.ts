/** Every op as emitted WebAssembly, against onnxruntime. */

import { elementCount, typedArrayOf } from '@whittle/ir';
import { type Capabilities, dtypes, lowerGraph, withinSizes } from '@whittle/kernel';
import { opCases } from '../../kernel/test/op-cases/all.js';
import { type RunGraph, runCases } from '../../kernel/test/op-cases/run-cases.js';
import { winogradCases } from '../../kernel/test/op-cases/winograd.js';
import { wasmCapabilities } from '../src/index.js';
import { instantiateProgram } from './run-program.js';

const runFor =
  (target: Capabilities): RunGraph =>
  async (graph, feeds) => {
    const program = lowerGraph(graph, target);
    const { run, bytesOf } = instantiateProgram(program);
    for (const port of program.inputs) {
      const tensor = feeds[port.name];
      if (tensor) bytesOf(port, tensor.bytes.length).set(tensor.bytes);
    }
    run();
    const results = program.outputs.map((port) => {
      const { name, dtype, dims: most, sizes = [] } = port;
      const dims = [...most];
      for (const { axis, buffer } of sizes) {
        const at = { name, dtype, dims, view: { ...port.view, buffer, offset: 0 } };
        const [size = 0] = new Int32Array(bytesOf(at, 4).slice().buffer);
        dims[axis] = size;
      }
      const bytes = bytesOf(port, elementCount(most) * dtypes[dtype].bytes).slice();
      const data = typedArrayOf({ dtype, dims: most, bytes });
      return [name, { dtype, dims, data: withinSizes(data, most, dims) }];
    });
    return Object.fromEntries(results) as ReturnType<RunGraph>;
  };

// The interpreter runs all settings.
for (const [family, cases] of Object.entries(opCases)) {
  runCases(family, cases, runFor(wasmCapabilities), 1);
}

for (const winograd of [2, 4] as const) {
  runCases(`F(${winograd}, 3)`, winogradCases, runFor({ ...wasmCapabilities, winograd }));
}

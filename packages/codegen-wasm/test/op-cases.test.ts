/** Every op as emitted WebAssembly, against onnxruntime. */

import { elementCount, typedArrayOf } from '@whittle/ir';
import { type Capabilities, dtypes, lowerGraph } from '@whittle/kernel';
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
      const { name, dtype, dims } = port;
      const bytes = bytesOf(port, elementCount(dims) * dtypes[dtype].bytes).slice();
      return [name, { dtype, dims, data: typedArrayOf({ dtype, dims, bytes }) }];
    });
    return Object.fromEntries(results) as ReturnType<RunGraph>;
  };

for (const [family, cases] of Object.entries(opCases))
  runCases(family, cases, runFor(wasmCapabilities));

for (const winograd of [2, 4] as const) {
  runCases(`F(${winograd}, 3)`, winogradCases, runFor({ ...wasmCapabilities, winograd }));
}

/** Every op as emitted WebAssembly, against onnxruntime. */

import { elementCount, typedArrayOf } from '@whittle/ir';
import { dtypes, lowerGraph } from '@whittle/kernel';
import { opCases } from '../../kernel/test/op-cases/all.js';
import { type RunGraph, runCases } from '../../kernel/test/op-cases/run-cases.js';
import { wasmCapabilities } from '../src/index.js';
import { instantiateProgram } from './run-program.js';

const runEmitted: RunGraph = async (graph, feeds) => {
  const program = lowerGraph(graph, wasmCapabilities);
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

for (const [family, cases] of Object.entries(opCases)) runCases(family, cases, runEmitted);

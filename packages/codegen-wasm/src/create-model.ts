/**
 * The function of a module that makes an instance: typed arrays over the memory that the WebAssembly
 * module exports, `run` and `dispose`.
 *
 * The memory never grows, so that the arrays made with the instance serve all of its runs.
 */

import {
  arrayOf,
  type HeldVariable,
  type ModuleFunction,
  modelFunction,
  nameOfSize,
  outputSizes,
} from '@whittle/emit';
import {
  elementCount,
  type MemoryPlaces,
  type Port,
  type Program,
  sizeBuffersOf,
} from '@whittle/kernel';

/**
 * It takes the exports and, where there are any, the weights, which lie at the start of the memory. With
 * `profile` it calls the steps one by one.
 */
export function createModel(
  program: Program,
  places: MemoryPlaces,
  profile: boolean,
): ModuleFunction {
  const portView = ({ view, dtype, dims }: Port, name: string): HeldVariable => {
    const place = `${places.addressOf(view, dtype)}, ${elementCount(dims)}`;
    return { name, value: `new ${arrayOf(dtype)}(memory, ${place})` };
  };
  const sizes = sizeBuffersOf(program).map((buffer, i): HeldVariable => {
    const address = places.addressOf({ buffer, offset: 0 }, 'int32');
    return { name: nameOfSize(i), value: `new Int32Array(memory, ${address}, 1)` };
  });
  return modelFunction({
    params: ['exports'],
    setup: ['const memory = exports.memory.buffer;'],
    held: [{ name: 'compute', value: profile ? 'exports' : 'exports.run' }, ...sizes],
    inputs: program.inputs.map((port, i) => portView(port, `input${i}`)),
    outputs: program.outputs.map((port, i) => {
      const ofRun = outputSizes(port, sizeBuffersOf(program));
      return { ...portView(port, `output${i}`), ...(ofRun && { sizes: ofRun }) };
    }),
    prepare: program.setup.length > 0 ? ['exports.setup();'] : [],
    compute: profile ? program.steps.map((_, i) => `compute.step${i}();`) : ['compute();'],
    profile,
  });
}

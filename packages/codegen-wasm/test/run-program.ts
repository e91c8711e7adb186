/** A program in an instance of its WebAssembly module, between typed arrays. */

import { type Port, type Program, weightsChecksum } from '@whittle/kernel';
import { programModule } from '../src/index.js';

const rem = (a: number, b: number): number => a % b;
const math = {
  rem,
  ...Object.fromEntries(
    ['exp', 'log', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'pow']
      .concat(['asinh', 'acosh', 'atanh'])
      .map((name) => [name, Reflect.get(Math, name)]),
  ),
};

export type Bytes = Uint8Array;

/** `warms`: whether kernels are warmed up first, as `load` has them, which must not touch constants. */
export function instantiateProgram(program: Program, { warms = true } = {}) {
  const { wasm, places } = programModule(program);
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module, { math });
  const { memory, run, setup, warm, checksum } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('The module exports no memory.');
  if (typeof run !== 'function') throw new Error('The module exports no run.');
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(program.constants);
  if (warms && typeof checksum === 'function' && typeof warm === 'function') {
    const expected = weightsChecksum(program.constants);
    warm();
    if (checksum() >>> 0 !== expected) throw new Error('Warming up writes into the weights.');
  }
  if (typeof setup === 'function') setup();
  return {
    run,
    memory: bytes,
    bytesOf: ({ view, dtype }: Port, length: number): Bytes =>
      bytes.subarray(places.addressOf(view, dtype), places.addressOf(view, dtype) + length),
  };
}

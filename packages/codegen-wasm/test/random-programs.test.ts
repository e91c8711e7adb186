import { dtypes, elementCount, type TypedArray, typedArrayOf } from '@whittle/ir';
import {
  interpretProgram,
  optimizeKernel,
  type Program,
  printProgram,
  verifyProgram,
} from '@whittle/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseFrom, type ProgramCase, randomProgram } from '../../kernel/test/random-program.js';
import { wasmCapabilities } from '../src/index.js';
import { instantiateProgram } from './run-program.js';

/** The outputs of two runs, of which the second finds in memory what the first left there. */
function runTwice(program: Program, feeds: ProgramCase['feeds']): Record<string, TypedArray>[] {
  const { run, bytesOf } = instantiateProgram(program);
  return [1, 2].map(() => {
    for (const port of program.inputs) {
      const { data } = feeds[port.name] ?? expect.fail(`no feed for ${port.name}`);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      bytesOf(port, bytes.length).set(bytes);
    }
    run();
    const results = program.outputs.map((port) => {
      const { name, dtype, dims } = port;
      const bytes = bytesOf(port, elementCount(dims) * dtypes[dtype].bytes).slice();
      return [name, typedArrayOf({ dtype, dims, bytes })] as const;
    });
    return Object.fromEntries(results);
  });
}

it.each([
  ['as they are', (program: Program) => program],
  [
    'with loops in lanes',
    (program: Program) => ({
      ...program,
      kernels: program.kernels.map((kernel) => optimizeKernel(kernel, wasmCapabilities)),
    }),
  ],
])('computes, to the bit, what the interpreter computes: programs %s', (_, change) => {
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const { program, feeds } = randomProgram(chooseFrom(g), { exact: true, control: true });
      const results = Object.entries(interpretProgram(program, feeds));
      const expected = Object.fromEntries(results.map(([name, { data }]) => [name, data]));
      const changed = change(program);
      verifyProgram(changed);
      expect(runTwice(changed, feeds), printProgram(changed)).toEqual([expected, expected]);
    }),
    { numRuns: 1000 },
  );
});

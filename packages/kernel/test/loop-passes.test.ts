import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Kernel, interpretProgram, loopPasses, type Program } from '../src/index.js';
import { chooseFrom, randomProgram } from './random-program.js';

function withKernels(program: Program, run: (kernel: Kernel) => Kernel): Program {
  return { ...program, kernels: program.kernels.map(run) };
}

describe.each([...loopPasses])('$id', ({ run }) => {
  it('keeps what random programs compute', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { program, feeds } = randomProgram(chooseFrom(g));
        const before = interpretProgram(program, feeds);
        const after = interpretProgram(withKernels(program, run), feeds);
        expect(after).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });
});

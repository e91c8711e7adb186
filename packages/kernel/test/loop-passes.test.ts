import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  interpretProgram,
  type Kernel,
  loopPasses,
  type Program,
  verifyProgram,
} from '../src/index.js';
import { chooseFrom, randomProgram } from './random-program.js';

function withKernels(program: Program, run: (kernel: Kernel) => Kernel): Program {
  return { ...program, kernels: program.kernels.map((kernel) => run(kernel)) };
}

describe.each([...loopPasses])('$id', ({ run }) => {
  it('keeps random programs valid and what they compute', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { program, feeds } = randomProgram(chooseFrom(g));
        const before = interpretProgram(program, feeds);
        verifyProgram(program);
        const changed = withKernels(program, (kernel) => run(kernel, { lanes: 4 }));
        verifyProgram(changed);
        expect(interpretProgram(changed, feeds)).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });
});

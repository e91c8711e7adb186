/** The loop passes, in order. Each is a function from kernel to kernel that keeps what it computes. */

import type { Kernel } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { branchlessRelu } from './branchless-relu.js';
import { collapseLoops } from './collapse-loops.js';
import { hoistInvariants } from './hoist-invariants.js';
import { simplifyIndex } from './simplify-index.js';
import { vectorize } from './vectorize.js';

export interface LoopPass {
  readonly id: string;
  readonly run: (kernel: Kernel, target: Pick<Capabilities, 'lanes' | 'narrowLanes'>) => Kernel;
  /** Which targets want it; absent: all. */
  readonly when?: (target: Capabilities) => boolean;
}

export const loopPasses: readonly LoopPass[] = [
  // Quotients by the extents of loops are gone, so sums show which loops walk memory as one.
  { id: 'simplify-index', run: simplifyIndex },
  // Perfect nests over dense memory are single loops.
  { id: 'collapse-loops', run: collapseLoops },
  // Loops that can run in lanes do.
  {
    id: 'vectorize',
    run: (kernel, { lanes, narrowLanes = false }) =>
      vectorize(kernel, lanes, { narrow: narrowLanes }),
    when: ({ lanes }) => lanes > 1,
  },
  // The innermost loops add a variable to a name, and do no other index arithmetic.
  // Loops of a grid let nothing stand between them: there a thread names what it needs.
  { id: 'hoist-invariants', run: hoistInvariants, when: ({ grid }) => grid === undefined },
  // No branch depends on the sign of a float32 that is rectified.
  { id: 'branchless-relu', run: branchlessRelu, when: (target) => target.branchesOnMax },
];

export function optimizeKernel(kernel: Kernel, target: Capabilities): Kernel {
  const passes = loopPasses.filter((pass) => pass.when?.(target) ?? true);
  return passes.reduce((current, pass) => pass.run(current, target), kernel);
}

/**
 * Spells a kernel as a function of a module. Its parameters are addresses: where in the memory the
 * element 0 of each parameter of the kernel lies. An address takes part in index arithmetic like any
 * variable, so that hoisting merges it with what else is constant in a loop.
 */

import {
  add,
  hoistInvariants,
  index,
  type Kernel,
  mul,
  variable,
  withAddresses,
} from '@whittle/kernel';
import { type Func, func } from './assembler/definitions.js';
import { stoppable } from './first-turns.js';
import { keepConstants } from './kept-constants.js';
import { KernelScope } from './kernel-scope.js';
import { spellStmts } from './spell-stmts.js';
import type { UsedFunctions } from './used-functions.js';
import { elementOf } from './value-types.js';

/** The function has the kernel's name; what it calls is noted in `functions`. */
export function spellKernel(kernel: Kernel, functions: UsedFunctions): Func {
  const scope = new KernelScope(kernel, functions);
  const { body } = hoistInvariants(
    withAddresses(kernel, (param, position) => {
      const { bytes } = elementOf(scope.dtypeOf(param));
      return add(variable(param, 'index'), mul(position, index(bytes)));
    }),
  );
  const kept = keepConstants(stoppable(spellStmts(body, scope)));
  const { params, locals } = scope;
  return func({ name: kernel.name, params, locals: [...locals, ...kept.locals], body: kept.body });
}

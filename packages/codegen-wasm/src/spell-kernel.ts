/**
 * Spells a kernel as a function of a module. Its parameters are addresses: where in the memory the
 * element 0 of each parameter of the kernel lies. An address takes part in index arithmetic like any
 * variable, so that hoisting merges it with what else is constant in a loop.
 */

import {
  add,
  type Expr,
  hoistInvariants,
  index,
  type Kernel,
  mapOperands,
  mapStmt,
  mul,
  type Stmt,
  variable,
} from '@whittle/kernel';
import { type Func, func } from './assembler/definitions.js';
import { KernelScope } from './kernel-scope.js';
import { spellStmts } from './spell-stmts.js';
import type { UsedFunctions } from './used-functions.js';
import { elementOf } from './value-types.js';

/** The function has the kernel's name; what it calls is noted in `functions`. */
export function spellKernel(kernel: Kernel, functions: UsedFunctions): Func {
  const scope = new KernelScope(kernel, functions);
  const { body } = hoistInvariants(withAddresses(kernel, scope));
  const spelled = spellStmts(body, scope);
  const { params, locals } = scope;
  return func({ name: kernel.name, params, locals, body: spelled });
}

/** The same kernel with indices that count bytes from the start of the memory. */
function withAddresses(kernel: Kernel, scope: KernelScope): Kernel {
  const address = (param: string, position: Expr): Expr => {
    const { bytes } = elementOf(scope.dtypeOf(param));
    return add(variable(param, 'index'), mul(position, index(bytes)));
  };
  const inExpr = (expr: Expr): Expr => {
    const inside = mapOperands(expr, inExpr);
    return inside.kind === 'load'
      ? { ...inside, index: address(inside.param, inside.index) }
      : inside;
  };
  const inBlock = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.map((stmt) => {
      const inside = mapStmt(stmt, inExpr, inBlock);
      return inside.kind === 'store'
        ? { ...inside, index: address(inside.param, inside.index) }
        : inside;
    });
  return { ...kernel, body: inBlock(kernel.body) };
}

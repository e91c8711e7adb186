/** Positions in buffers as positions in a memory, for targets that have one memory for all buffers. */

import type { Expr, Kernel, Stmt } from './loop-ir.js';
import { mapOperands, mapStmt } from './traverse.js';

/** The same kernel, where each load and store is at what `address` makes of its parameter and index. */
export function withAddresses(
  kernel: Kernel,
  address: (param: string, index: Expr) => Expr,
): Kernel {
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

/**
 * A kernel over memory that holds `float32` and `float16` in halves. What is loaded from there arrives as
 * `float32`, and is rounded where it is stored, so that little but the parameters changes: passes and rules
 * see floats, and all arithmetic is theirs.
 */

import type { Kernel, Param, Stmt } from '../loop-ir.js';
import { heldInHalves } from '../memory/word-type.js';
import { mapStmt } from '../traverse.js';
import { roundedLiteral } from './word-elements.js';

/** To be applied behind all passes to a kernel that is `inWords`; `written` is how lowering wrote it. */
export function inHalves(kernel: Kernel, written: Pick<Kernel, 'params'>): Kernel {
  const dtypes = new Map(written.params.map(({ name, dtype }) => [name, dtype]));
  const held = (param: Param): Param => {
    const dtype = dtypes.get(param.name) ?? param.dtype;
    return { ...param, dtype: heldInHalves(dtype, param.space, `What "${kernel.name}" computes`) };
  };
  const params = kernel.params.map(held);
  const halves = new Set(params.flatMap(({ name, dtype }) => (dtype === 'float16' ? [name] : [])));
  // Compilers of shaders refuse a literal that a half cannot hold.
  const block = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.map((stmt) => {
      if (stmt.kind !== 'store') return mapStmt(stmt, (expr) => expr, block);
      const { param, value } = stmt;
      if (value.kind !== 'literal' || !halves.has(param)) return stmt;
      return { ...stmt, value: roundedLiteral(value, 'float16') };
    });
  return { ...kernel, params, body: block(kernel.body) };
}

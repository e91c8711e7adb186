/** Which parameters a kernel's body touches. */

import type { Kernel, Param } from './loop-ir.js';
import { expressionsIn, exprsOf, statementsIn } from './traverse.js';

/** The parameters that a body reads or writes, in their order. */
export function usedParams({ params, body }: Pick<Kernel, 'params' | 'body'>): Param[] {
  const used = new Set<string>();
  for (const stmt of statementsIn(body)) {
    if (stmt.kind === 'store') used.add(stmt.param);
    for (const root of exprsOf(stmt)) {
      for (const expr of expressionsIn(root)) if (expr.kind === 'load') used.add(expr.param);
    }
  }
  return params.filter((param) => used.has(param.name));
}

/** Which parameters a kernel's body touches. */

import type { Stmt } from './loop-ir.js';
import { expressionsIn, exprsOf, statementsIn } from './traverse.js';

/** The names of the parameters that a body reads or writes. */
export function namesOfUsedParams(body: readonly Stmt[]): ReadonlySet<string> {
  const used = new Set<string>();
  for (const stmt of statementsIn(body)) {
    if (stmt.kind === 'store') used.add(stmt.param);
    for (const root of exprsOf(stmt)) {
      for (const expr of expressionsIn(root)) if (expr.kind === 'load') used.add(expr.param);
    }
  }
  return used;
}

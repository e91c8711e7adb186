/**
 * Which values of a loop in lanes are the same in all of them, and yet are wanted as vectors only:
 * they are kept as vectors, so that they are spread over the lanes once.
 */

import {
  type Expr,
  expressionsIn,
  exprsOf,
  type For,
  type LaneTypes,
  operandsOf,
  statementsIn,
  varies,
} from '@whittle/kernel';
import { isWord } from './vector-constants.js';

export function spreadNames(loop: For, types: LaneTypes): ReadonlySet<string> {
  const lets = new Set<string>();
  const asVector = new Set<string>();
  const asScalar = new Set<string>();
  const note = (expr: Expr, wantsVector: boolean): void => {
    if (wantsVector && expr.kind === 'variable') asVector.add(expr.name);
    else if (varies(expr, types) && expr.kind !== 'load') {
      for (const operand of operandsOf(expr)) note(operand, true);
    } else {
      for (const part of expressionsIn(expr)) if (part.kind === 'variable') asScalar.add(part.name);
    }
  };
  for (const stmt of statementsIn(loop.body)) {
    if (stmt.kind === 'let' && !types.varying.has(stmt.name) && isWord(stmt.value.dtype)) {
      lets.add(stmt.name);
    }
    const isVector =
      stmt.kind === 'store' ||
      ((stmt.kind === 'local' || stmt.kind === 'assign') && types.varying.has(stmt.name));
    for (const expr of exprsOf(stmt)) note(expr, isVector && expr.dtype !== 'index');
  }
  return new Set([...lets].filter((name) => asVector.has(name) && !asScalar.has(name)));
}

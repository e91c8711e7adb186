/**
 * Which loops of a kernel become functions of their own. Engines compile function by function, and
 * run a function slowly until it is compiled. A kernel of several stages, each a large loop nest, is
 * long in the compiling and is called once a run; its stages are short, and called for each band of
 * rows. It is a matter of the first runs alone: docs/performance.md has the figures.
 */

import {
  type Expr,
  expressionsIn,
  exprsOf,
  type For,
  type Stmt,
  statementsIn,
} from '@whittle/kernel';

/** The loops in the order in which they begin. Those inside of others come after them. */
export function loopsToOutline(body: readonly Stmt[]): readonly For[] {
  return loopsIn(body, false);
}

function loopsIn(block: readonly Stmt[], isRepeated: boolean): readonly For[] {
  const large = block.filter((stmt) => stmt.kind === 'for' && isLarge(stmt));
  return block.flatMap((stmt): readonly For[] => {
    if (stmt.kind === 'if') {
      return [...loopsIn(stmt.then, isRepeated), ...loopsIn(stmt.otherwise, isRepeated)];
    }
    if (stmt.kind !== 'for') return [];
    // A loop that is alone in another is one nest with it.
    const outlined = isRepeated && large.length > 1 && large.includes(stmt) && isClosed(stmt);
    const inside = loopsIn(stmt.body, true);
    return outlined ? [stmt, ...inside] : inside;
  });
}

/** Fewer statements take no time to compile. */
const leastStatements = 40;

function isLarge(loop: For): boolean {
  let count = 0;
  for (const _ of statementsIn(loop.body)) if (++count >= leastStatements) return true;
  return false;
}

/** Whether a loop assigns to none but its own locals. */
function isClosed(loop: For): boolean {
  const stmts = [...statementsIn([loop])];
  const own = new Set(stmts.flatMap((stmt) => (stmt.kind === 'local' ? [stmt.name] : [])));
  return stmts.every((stmt) => stmt.kind !== 'assign' || own.has(stmt.name));
}

/** The names that a loop reads and does not declare, in the order in which it reads them first. */
export function freeNames(loop: For): readonly string[] {
  const declared = new Set<string>();
  const free = new Set<string>();
  const read = (expr: Expr): void => {
    for (const part of expressionsIn(expr)) {
      if (part.kind === 'variable' && !declared.has(part.name)) free.add(part.name);
    }
  };
  for (const stmt of statementsIn([loop])) {
    // Names are unique in a kernel, so that what is declared anywhere inside is the loop's own.
    exprsOf(stmt).forEach(read);
    if (stmt.kind === 'for' || stmt.kind === 'let' || stmt.kind === 'local')
      declared.add(stmt.name);
  }
  return [...free];
}

/**
 * Puts the value of a `let` where its name stands, if that costs nothing: the value is a variable or
 * a literal, or an index that is used once and not from within another loop. Drops unused `let`s.
 *
 *     let p = i * 4;                     y[i * 4 + 1] = 0;
 *     y[p + 1] = 0;                →
 *     let q = p + 2;
 */

import type { Expr, Kernel, Let, Stmt } from '../loop-ir.js';
import { expressionsIn, exprsOf, mapStmt, statementsIn } from '../traverse.js';
import { substituteIn } from './substitute.js';

export function inlineLets(kernel: Kernel): Kernel {
  const locals = new Set<string>();
  for (const stmt of statementsIn(kernel.body)) if (stmt.kind === 'local') locals.add(stmt.name);
  const uses = countUses(kernel.body);
  const values = new Map<string, Expr>();
  return { ...kernel, body: inlineBlock(kernel.body, { uses, locals, values }) };
}

interface Context {
  readonly uses: ReadonlyMap<string, Uses>;
  readonly locals: ReadonlySet<string>;
  /** What to put for a name, filled on the way. */
  readonly values: Map<string, Expr>;
}

function inlineBlock(stmts: readonly Stmt[], context: Context): readonly Stmt[] {
  return stmts.flatMap((stmt): Stmt[] => {
    const inlined = mapStmt(
      stmt,
      (expr) => substituteIn(expr, context.values),
      (inside) => inlineBlock(inside, context),
    );
    if (inlined.kind !== 'let') return [inlined];
    if ((context.uses.get(inlined.name)?.count ?? 0) === 0) return [];
    if (!mayInline(inlined, context)) return [inlined];
    context.values.set(inlined.name, inlined.value);
    return [];
  });
}

function mayInline({ name, value }: Let, { uses, locals }: Context): boolean {
  if (value.kind === 'literal') return true;
  for (const part of expressionsIn(value)) {
    if (part.kind === 'load') return false;
    if (part.kind === 'variable' && locals.has(part.name)) return false;
  }
  if (value.kind === 'variable') return true;
  const own = uses.get(name);
  return value.dtype === 'index' && own?.count === 1 && !own.fromInnerLoop;
}

interface Uses {
  count: number;
  fromInnerLoop: boolean;
}

/** How often each name is used by what is itself used. */
function countUses(body: readonly Stmt[]): Map<string, Uses> {
  const depths = new Map<string, number>();
  const uses = new Map<string, Uses>();
  declareIn(body, 0, depths);
  countIn(body, 0, depths, uses);
  return uses;
}

function declareIn(stmts: readonly Stmt[], depth: number, depths: Map<string, number>): void {
  for (const stmt of stmts) {
    if (stmt.kind === 'let') depths.set(stmt.name, depth);
    if (stmt.kind === 'for') declareIn(stmt.body, depth + 1, depths);
    if (stmt.kind === 'if') {
      declareIn(stmt.then, depth, depths);
      declareIn(stmt.otherwise, depth, depths);
    }
  }
}

/** From the last statement to the first, so that uses by an unused `let` do not count. */
function countIn(
  stmts: readonly Stmt[],
  depth: number,
  depths: ReadonlyMap<string, number>,
  uses: Map<string, Uses>,
): void {
  for (const stmt of [...stmts].reverse()) {
    if (stmt.kind === 'for') countIn(stmt.body, depth + 1, depths, uses);
    if (stmt.kind === 'if') {
      countIn(stmt.otherwise, depth, depths, uses);
      countIn(stmt.then, depth, depths, uses);
    }
    if (stmt.kind === 'let' && !uses.has(stmt.name)) continue;
    for (const expr of exprsOf(stmt)) {
      for (const part of expressionsIn(expr)) {
        if (part.kind !== 'variable') continue;
        const own = uses.get(part.name) ?? { count: 0, fromInnerLoop: false };
        own.count++;
        if (depth > (depths.get(part.name) ?? depth)) own.fromInnerLoop = true;
        uses.set(part.name, own);
      }
    }
  }
}

/** Writing statements: a block collects them, and hands out names that are unique in the kernel. */

import { index, variable } from './expr.js';
import type { Expr, ScalarType, Stmt, Variable } from './loop-ir.js';

export class Block {
  readonly stmts: Stmt[] = [];
  readonly #names: Map<string, number>;

  constructor(names: Map<string, number> = new Map()) {
    this.#names = names;
  }

  /** `stem`, or `stem` with the next free number. */
  fresh(stem: string): string {
    const count = this.#names.get(stem) ?? 0;
    this.#names.set(stem, count + 1);
    return count === 0 ? stem : `${stem}_${count}`;
  }

  /**
   * A loop over [0, extent) by `step`; a loop of one turn becomes its body at 0, one of none vanishes.
   * `body` gets the block inside and the loop variable.
   */
  for(
    stem: string,
    extent: number | Expr,
    body: (inner: Block, at: Expr) => void,
    step = 1,
    start: number | Expr = 0,
  ): void {
    const from = asExpr(start);
    const end = asExpr(extent);
    if (from.kind === 'literal' && end.kind === 'literal') {
      const span = Number(end.value) - Number(from.value);
      if (span <= 0) return;
      if (span <= step) {
        body(this, from);
        return;
      }
    }
    const name = this.fresh(stem);
    const inner = new Block(this.#names);
    body(inner, variable(name, 'index'));
    this.stmts.push({ kind: 'for', name, start: from, end, step, body: inner.stmts });
  }

  /** A loop of `count` turns that run abreast, if `optimize/vectorize.ts` finds that they can. */
  lanes(stem: string, count: number, body: (inner: Block, at: Expr) => void): void {
    const name = this.fresh(stem);
    const inner = new Block(this.#names);
    body(inner, variable(name, 'index'));
    const [start, end] = [index(0), index(count)];
    this.stmts.push({ kind: 'for', name, start, end, step: 1, lanes: count, body: inner.stmts });
  }

  /** Names a value so that it is computed once. */
  let(stem: string, value: Expr): Expr {
    if (value.kind === 'variable' || value.kind === 'literal') return value;
    const name = this.fresh(stem);
    this.stmts.push({ kind: 'let', name, value });
    return variable(name, value.dtype);
  }

  /** Declares an accumulator. */
  local(stem: string, dtype: ScalarType, init: Expr): Variable {
    const name = this.fresh(stem);
    this.stmts.push({ kind: 'local', name, dtype, init });
    return variable(name, dtype);
  }

  assign(target: Variable, value: Expr): void {
    this.stmts.push({ kind: 'assign', name: target.name, value });
  }

  store(param: string, at: Expr, value: Expr): void {
    this.stmts.push({ kind: 'store', param, index: at, value });
  }

  if(condition: Expr, then: (inner: Block) => void, otherwise?: (inner: Block) => void): void {
    const yes = new Block(this.#names);
    then(yes);
    const no = new Block(this.#names);
    otherwise?.(no);
    this.stmts.push({ kind: 'if', condition, then: yes.stmts, otherwise: no.stmts });
  }
}

function asExpr(value: number | Expr): Expr {
  return typeof value === 'number' ? index(value) : value;
}

/**
 * How a function of vectors is written: as a recipe, which computes four f32 lanes abreast without a
 * branch. A recipe is no function of the module: its steps stand where the result is wanted.
 */

import type { Expr, Local } from '../assembler/expr.js';
import { localGet } from '../assembler/expressions.js';
import { localSet, type Stmt } from '../assembler/statements.js';

export type Vector = Expr<'v128'>;

/** `x` is used more than once: a constant or a local. */
export type VectorRecipe = (x: Vector, steps: VectorSteps) => Vector;

/** What has to run before the result of a recipe, in order. */
export class VectorSteps {
  readonly statements: Stmt[] = [];
  readonly #localFor: (name: string) => Local<'v128'>;

  /** `localFor` gives the local of a name, which a recipe uses once. */
  constructor(localFor: (name: string) => Local<'v128'>) {
    this.#localFor = localFor;
  }

  /** A value for more than one use, in a local of its own. */
  keep(name: string, value: Vector): Vector {
    const kept = this.#localFor(name);
    this.statements.push(localSet(kept, value));
    return localGet(kept);
  }
}

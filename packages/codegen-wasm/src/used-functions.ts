/** Which helpers and imports the kernels of a module call: it ships these and no others. */

import { CompilerError } from '@whittle/kernel';
import type { Func, ImportedFunc } from './assembler/definitions.js';
import type { Callee } from './assembler/expr.js';
import { erfHelper } from './erf-helper.js';
import { halfHelpers } from './half-helpers.js';
import { integerHelpers } from './integer-helpers.js';
import { type MathFunction, mathImport } from './math-imports.js';
import { vectorHelpers } from './vector-math/vector-helpers.js';

const helpersByName: ReadonlyMap<string, Func> = new Map(
  [...integerHelpers, ...halfHelpers].map((helper) => [helper.name, helper]),
);

export class UsedFunctions {
  readonly #helpers = new Map<string, Func>();
  readonly #imports = new Map<MathFunction, ImportedFunc>();

  /** @throws {CompilerError} `E_INTERNAL`: there is no helper of this name. */
  helper(name: string): Callee {
    const helper = helpersByName.get(name);
    if (helper === undefined) throw new CompilerError('E_INTERNAL', `No helper "${name}".`);
    this.#helpers.set(name, helper);
    return helper;
  }

  /** A function of doubles: the host's, or the module's own where the host has none. */
  mathFunction(name: MathFunction | 'erf'): Callee {
    if (name === 'erf') {
      this.mathFunction('exp');
      this.#helpers.set(name, erfHelper);
      return erfHelper;
    }
    const known = this.#imports.get(name) ?? mathImport(name);
    this.#imports.set(name, known);
    return known;
  }

  /**
   * A function of vectors of f32, by the name of its op in the loop IR.
   *
   * @throws {CompilerError} `E_INTERNAL`: there is none of this name.
   */
  vectorHelper(name: string): Callee {
    const helper = vectorHelpers.get(name);
    if (helper === undefined) throw new CompilerError('E_INTERNAL', `No vector helper "${name}".`);
    for (const called of helper.math) this.mathFunction(called);
    this.#helpers.set(helper.func.name, helper.func);
    return helper.func;
  }

  /** The helpers called so far, by name, so that modules do not depend on the order of calls. */
  get helpers(): readonly Func[] {
    return sortedByName([...this.#helpers.values()]);
  }

  /** The functions of the host called so far. */
  get math(): readonly MathFunction[] {
    return [...this.#imports.keys()].sort();
  }

  get imports(): readonly ImportedFunc[] {
    return sortedByName([...this.#imports.values()]);
  }
}

function sortedByName<T extends Callee>(callees: readonly T[]): readonly T[] {
  return [...callees].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Which passes run: those of an optimisation level, or those that the options name. */

import { CompilerError, type Pass } from '@whittle/ir';
import { findPass, type OptimizationLevel, pipelines } from '@whittle/passes';

export interface PassChoice {
  readonly optimize?: OptimizationLevel;
  readonly passes?: readonly string[];
  readonly skipPasses?: readonly string[];
}

/** @throws {CompilerError} `E_INVALID_OPTION` for an id that no pass has, or a level that is none. */
export function choosePasses({ optimize = 2, passes, skipPasses = [] }: PassChoice): Pass[] {
  if (!Object.hasOwn(pipelines, optimize)) {
    throw new CompilerError('E_INVALID_OPTION', `There is no optimisation level ${optimize}.`, {
      hint: `The levels are ${Object.keys(pipelines).join(', ')}.`,
    });
  }
  const skipped = new Set(skipPasses.map((id) => findPass(id)));
  const chosen = passes === undefined ? pipelines[optimize] : passes.map((id) => findPass(id));
  return chosen.filter((pass) => !skipped.has(pass));
}

/**
 * The functions of f32 vectors that WebAssembly has no instruction for, each from one or two v128 to
 * a v128. Those that activations are made of are computed in all lanes at once; they differ from the
 * scalar ones by a few units in the last place. The others go lane by lane.
 */

import type { Func } from '../assembler/definitions.js';
import { binaryMath, type MathFunction, unaryMath } from '../math-imports.js';
import { vectorErf } from './erf.js';
import { vectorExp, vectorExpOfMinusPlusOne } from './exp.js';
import { laneByLane } from './lane-by-lane.js';
import { vectorLog } from './log.js';
import { vectorTanh } from './tanh.js';
import type { VectorRecipe } from './vector-steps.js';

interface VectorHelper {
  readonly func: Func;
  /** The functions of the host that it calls. */
  readonly math: readonly MathFunction[];
}

/** What is computed in all lanes at once, where it stands: a call would cost as much again. */
export const vectorRecipes: ReadonlyMap<string, VectorRecipe> = new Map([
  ['erf', vectorErf],
  ['exp', vectorExp],
  ['exp of minus + 1', vectorExpOfMinusPlusOne],
  ['log', vectorLog],
  ['tanh', vectorTanh],
]);

/** What is a function of the module, by the names that the ops have in the loop IR. */
export const vectorHelpers: ReadonlyMap<string, VectorHelper> = new Map(
  [...unaryMath, ...binaryMath]
    .filter((name) => !vectorRecipes.has(name))
    .map((name) => [name, { func: laneByLane(name), math: [name] }]),
);

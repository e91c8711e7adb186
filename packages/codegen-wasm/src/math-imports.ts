/**
 * The functions that WebAssembly has no instruction for. The host brings them in the module `math`,
 * as JavaScript knows them, on doubles: those of `Math`, and `rem`, which is the operator `%`.
 */

import { type ImportedFunc, importFunc } from './assembler/definitions.js';

/** Functions of one double. */
export const unaryMath = [
  ...(['exp', 'log', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'] as const),
  ...(['asinh', 'acosh', 'atanh'] as const),
] as const;

/** Functions of two doubles. */
const binaryMath = ['pow', 'rem'] as const;

export type MathFunction = (typeof unaryMath)[number] | (typeof binaryMath)[number];

export function mathImport(name: MathFunction): ImportedFunc {
  const binary = binaryMath.some((known) => known === name);
  const params = binary ? (['f64', 'f64'] as const) : (['f64'] as const);
  return importFunc(`math.${name}`, { params, results: ['f64'] }, { module: 'math', field: name });
}

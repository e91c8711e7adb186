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
export const binaryMath = ['pow', 'rem'] as const;

export type MathFunction = (typeof unaryMath)[number] | (typeof binaryMath)[number];

export function mathImport(name: MathFunction): ImportedFunc {
  const binary = binaryMath.some((known) => known === name);
  const params = binary ? (['f64', 'f64'] as const) : (['f64'] as const);
  return importFunc(`math.${name}`, { params, results: ['f64'] }, { module: 'math', field: name });
}

/** The functions as the host brings them: the text of an object in JavaScript. */
export function hostObject(names: readonly MathFunction[]): string {
  if (names.length === 0) return '{}';
  const fields = names.map(
    (name) => `${name}: ${name === 'rem' ? '(a, b) => a % b' : `Math.${name}`}`,
  );
  return `{ math: { ${fields.join(', ')} } }`;
}

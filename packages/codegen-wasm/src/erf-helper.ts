/** The error function, which neither WebAssembly nor `Math` has: by the polynomials of all targets. */

import { erfCoefficients } from '@whittle/kernel';
import { f64Const } from './assembler/constants.js';
import { type Func, func } from './assembler/definitions.js';
import type { Expr } from './assembler/expr.js';
import { call, local, localGet, op, select } from './assembler/expressions.js';
import { ifElse, localSet, returns } from './assembler/statements.js';
import { mathImport } from './math-imports.js';

const x = local('f64', 'x');
const size = local('f64', 'size');
const z = local('f64', 'z');
const value = local('f64', 'value');
const exp = mathImport('exp');

const square = op('f64.mul', localGet(x), localGet(x));
const tail = op(
  'f64.mul',
  call('f64', exp, op('f64.neg', square)),
  polynomial(erfCoefficients.far),
);

/** It calls `exp` of the host. */
export const erfHelper: Func = func({
  name: 'erf',
  params: [x],
  locals: [size, z, value],
  results: ['f64'],
  body: [
    localSet(size, op('f64.abs', localGet(x))),
    ifElse(op('f64.le', localGet(size), f64Const(1)), [
      localSet(z, square),
      returns(op('f64.mul', localGet(x), polynomial(erfCoefficients.near))),
    ]),
    localSet(z, reciprocalOfFar()),
    localSet(
      value,
      select(
        f64Const(1),
        op('f64.sub', f64Const(1), tail),
        op('f64.gt', localGet(size), f64Const(6)),
      ),
    ),
    // A NaN stays one: the comparison with it is false, and its tail is NaN.
    returns(op('f64.copysign', localGet(value), localGet(x))),
  ],
});

function reciprocalOfFar(): Expr<'f64'> {
  const half = op('f64.div', localGet(size), f64Const(2));
  return op('f64.div', f64Const(1), op('f64.add', f64Const(1), half));
}

/** Of `z`, by Horner's rule. */
function polynomial(coefficients: readonly number[]): Expr<'f64'> {
  return coefficients
    .map((coefficient): Expr<'f64'> => f64Const(coefficient))
    .reduce((sum, coefficient) => op('f64.add', op('f64.mul', sum, localGet(z)), coefficient));
}

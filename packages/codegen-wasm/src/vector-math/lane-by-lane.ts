/** A function of vectors that asks the host for each lane, as scalars do: in double precision. */

import { type Func, func } from '../assembler/definitions.js';
import type { Expr } from '../assembler/expr.js';
import { call, laneOp, local, localGet, op } from '../assembler/expressions.js';
import { returns } from '../assembler/statements.js';
import { type MathFunction, mathImport } from '../math-imports.js';

export function laneByLane(name: MathFunction): Func {
  const callee = mathImport(name);
  const params = callee.type.params.map((_, index) => local('v128', index === 0 ? 'x' : 'y'));
  const inLane = (lane: number): Expr<'f32'> => {
    const operands = params.map((param) =>
      op('f64.promote_f32', laneOp('f32x4.extract_lane', lane, localGet(param))),
    );
    return op('f32.demote_f64', call('f64', callee, ...operands));
  };
  const all = [1, 2, 3].reduce(
    (vector, lane) => laneOp('f32x4.replace_lane', lane, vector, inLane(lane)),
    op('f32x4.splat', inLane(0)),
  );
  return func({ name: `f32x4.${name}`, params, results: ['v128'], body: [returns(all)] });
}

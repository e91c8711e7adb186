/** The steps of `run` as WebAssembly: a call for a launch, `if` and `loop` around the steps of others. */

import type { Argument, Launch, MemoryPlaces, Repeat, Step } from '@whittle/kernel';
import { i32Const, i64Const } from './assembler/constants.js';
import type { Expr } from './assembler/expr.js';
import { load, op } from './assembler/expressions.js';
import { block, br, brIf, ifElse, label, loop, type Stmt, store } from './assembler/statements.js';

export function spellSteps(
  steps: readonly Step[],
  launch: (step: Launch) => Stmt,
  places: MemoryPlaces,
): readonly Stmt[] {
  const holds = (at: Argument): Expr<'i32'> =>
    load('i32.load8_u', i32Const(places.addressOf(at, 'bool')));
  const spell = (list: readonly Step[]): readonly Stmt[] =>
    list.flatMap((step): readonly Stmt[] => {
      if (step.kind === 'launch') return [launch(step)];
      if (step.kind === 'repeat') return repeat(step, spell(step.steps), holds, places);
      return [ifElse(holds(step.condition), spell(step.then), spell(step.otherwise))];
    });
  return spell(steps);
}

/** The counter is set to 0 and then, turn after turn, looked at and, behind the steps, raised. */
function repeat(
  { counter, limit, condition }: Repeat,
  steps: readonly Stmt[],
  holds: (at: Argument) => Expr<'i32'>,
  places: MemoryPlaces,
): readonly Stmt[] {
  const [end, again] = [label('end'), label('turn')];
  const addressOf = (at: Argument): Expr<'i32'> => i32Const(places.addressOf(at, 'int64'));
  const turn = (): Expr<'i64'> => load('i64.load', addressOf(counter));
  const setTurn = (value: Expr<'i64'>): Stmt => store('i64.store', addressOf(counter), value);
  const most =
    typeof limit === 'object'
      ? load('i64.load', addressOf(limit))
      : limit === undefined
        ? undefined
        : i64Const(BigInt(limit));
  return [
    setTurn(i64Const(0n)),
    block(end, [
      loop(again, [
        ...(most === undefined ? [] : [brIf(end, op('i64.ge_s', turn(), most))]),
        ...(condition === undefined ? [] : [brIf(end, op('i32.eqz', holds(condition)))]),
        ...steps,
        setTurn(op('i64.add', turn(), i64Const(1n))),
        br(again),
      ]),
    ]),
  ];
}

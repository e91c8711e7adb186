/**
 * Functions for integer ops that an instruction would trap on, or that none computes. They give what
 * the loop IR asks for: 0 where a divisor is 0, and wrapping where a quotient does not fit.
 */

import { type Func, func } from './assembler/definitions.js';
import type { Expr } from './assembler/expr.js';
import { local, localGet, select } from './assembler/expressions.js';
import {
  brIf,
  ifElse,
  type Label,
  label,
  localSet,
  loop,
  returns,
  type Stmt,
} from './assembler/statements.js';
import { asI32, constantOf, opByName } from './op-by-name.js';

type IntegerType = 'i32' | 'i64';
type Sign = 's' | 'u';

/** The names are those of the ops in the loop IR, with the type and the sign that they are for. */
export const integerHelpers: readonly Func[] = (['i32', 'i64'] as const).flatMap((type) =>
  (['s', 'u'] as const).flatMap((sign) => [
    divide('div', type, sign),
    divide('floordiv', type, sign),
    remainder('rem', type, sign),
    remainder('floormod', type, sign),
    power(type, sign),
  ]),
);

export function integerHelperName(op: string, type: string, sign: Sign): string {
  return `${type}.${op}_${sign}`;
}

function divide(op: 'div' | 'floordiv', type: IntegerType, sign: Sign): Func {
  const [a, b] = [local(type, 'a'), local(type, 'b')];
  const [x, by] = [localGet(a), localGet(b)];
  const constant = (value: number): Expr => constantOf(type, value);
  const quotient = opByName(`${type}.div_${sign}`, x, by);
  // The only quotient that does not fit is that of the least integer and -1.
  const negated = opByName(`${type}.sub`, constant(0), x);
  const one = [ifElse(equals(type, by, constant(-1)), [returns(negated)])];
  const remainder = opByName(`${type}.rem_s`, x, by);
  const floored = opByName(
    `${type}.sub`,
    quotient,
    select(constant(1), constant(0), disagrees(type, remainder, by)),
  );
  return func({
    name: integerHelperName(op, type, sign),
    params: [a, b],
    results: [type],
    body: [
      ifElse(equals(type, by, constant(0)), [returns(constant(0))]),
      ...(sign === 's' ? one : []),
      returns(op === 'floordiv' && sign === 's' ? floored : quotient),
    ],
  });
}

function remainder(op: 'rem' | 'floormod', type: IntegerType, sign: Sign): Func {
  const [a, b, rest] = [local(type, 'a'), local(type, 'b'), local(type, 'rest')];
  const [by, r] = [localGet(b), localGet(rest)];
  const zero = constantOf(type, 0);
  const floored = select(opByName(`${type}.add`, r, by), r, disagrees(type, r, by));
  return func({
    name: integerHelperName(op, type, sign),
    params: [a, b],
    locals: [rest],
    results: [type],
    body: [
      ifElse(equals(type, by, zero), [returns(zero)]),
      localSet(rest, opByName(`${type}.rem_${sign}`, localGet(a), by) as Expr<IntegerType>),
      returns(op === 'floormod' && sign === 's' ? floored : r),
    ],
  });
}

/** By squaring; a negative power truncates the fraction. */
function power(type: IntegerType, sign: Sign): Func {
  const [base, power, result] = [local(type, 'base'), local(type, 'power'), local(type, 'result')];
  const again = label('again');
  return func({
    name: integerHelperName('pow', type, sign),
    params: [base, power],
    locals: [result],
    results: [type],
    body: [
      ...(sign === 's' ? negativePower(type, localGet(base), localGet(power)) : []),
      localSet(result, constantOf(type, 1) as Expr<IntegerType>),
      loop(again, squareStep(type, again, { base, power, result })),
      returns(localGet(result)),
    ],
  });
}

type Registers = Readonly<
  Record<'base' | 'power' | 'result', ReturnType<typeof local<IntegerType>>>
>;

function squareStep(
  type: IntegerType,
  again: Label,
  { base, power, result }: Registers,
): readonly Stmt[] {
  const [square, rest, product] = [localGet(base), localGet(power), localGet(result)];
  const one = constantOf(type, 1);
  const set = (target: Registers['base'], value: Expr): Stmt =>
    localSet(target, value as Expr<IntegerType>);
  return [
    ifElse(isOdd(type, rest), [set(result, opByName(`${type}.mul`, product, square))]),
    set(base, opByName(`${type}.mul`, square, square)),
    set(power, opByName(`${type}.shr_u`, rest, one)),
    brIf(again, asI32(opByName(`${type}.ne`, rest, constantOf(type, 0)))),
  ];
}

function negativePower(type: IntegerType, base: Expr, power: Expr): readonly Stmt[] {
  const constant = (value: number): Expr => constantOf(type, value);
  const ofMinusOne = select(constant(-1), constant(1), isOdd(type, power));
  return [
    ifElse(asI32(opByName(`${type}.lt_s`, power, constant(0))), [
      ifElse(equals(type, base, constant(-1)), [returns(ofMinusOne)]),
      returns(select(constant(1), constant(0), equals(type, base, constant(1)))),
    ]),
  ];
}

function equals(type: IntegerType, a: Expr, b: Expr): Expr<'i32'> {
  return asI32(opByName(`${type}.eq`, a, b));
}

function isOdd(type: IntegerType, x: Expr): Expr<'i32'> {
  const one = constantOf(type, 1);
  return equals(type, opByName(`${type}.and`, x, one), one);
}

/** Whether a remainder is not zero and of another sign than the divisor. */
function disagrees(type: IntegerType, remainder: Expr, by: Expr): Expr<'i32'> {
  const zero = constantOf(type, 0);
  const differ = opByName(`${type}.lt_s`, opByName(`${type}.xor`, remainder, by), zero);
  return asI32(opByName('i32.and', opByName(`${type}.ne`, remainder, zero), differ));
}

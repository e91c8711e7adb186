/**
 * Expressions, by calls that read like the folded text format, so that `op('f32.add', a, b)` is
 * `(f32.add a b)`. A wrong name or operand is a type error where the name is a literal; where it is
 * computed, the encoder finds the mistake.
 */

import { CompilerError } from '@whittle/kernel';
import type { Callee, Expr, Global, Immediates, Local, MemoryArgument } from './expr.js';
import {
  type LaneSignatures,
  type LoadLaneSignatures,
  type LoadSignatures,
  type OperandsOf,
  opcodes,
  type ResultOf,
  type Signatures,
} from './opcodes.js';
import type { ValueType } from './value-type.js';

/** One expression for each type in a list. */
export type Exprs<Types> = {
  [I in keyof Types]: Types[I] extends ValueType ? Expr<Types[I]> : never;
};

/** An op without immediates: `op('f32x4.add', a, b)`. */
export function op<N extends keyof Signatures>(
  name: N,
  ...operands: Exprs<OperandsOf<Signatures[N]>>
): Expr<ResultOf<Signatures[N]>> {
  return opExpr<ResultOf<Signatures[N]>>(name, operands);
}

/** A load: `load('v128.load32_splat', address, { offset: 8 })`. */
export function load<N extends keyof LoadSignatures>(
  name: N,
  address: Expr<'i32'>,
  memory: MemoryArgument = {},
): Expr<ResultOf<LoadSignatures[N]>> {
  return opExpr<ResultOf<LoadSignatures[N]>>(name, [address], memory);
}

/** A load of one lane; the others are those of `vector`. */
export function loadLane(
  name: keyof LoadLaneSignatures,
  lane: number,
  address: Expr<'i32'>,
  vector: Expr<'v128'>,
  memory: MemoryArgument = {},
): Expr<'v128'> {
  return opExpr<'v128'>(name, [address, vector], { ...memory, lanes: [lane] });
}

/** An op on one lane: `laneOp('f32x4.extract_lane', 3, vector)`. */
export function laneOp<N extends keyof LaneSignatures>(
  name: N,
  lane: number,
  ...operands: Exprs<OperandsOf<LaneSignatures[N]>>
): Expr<ResultOf<LaneSignatures[N]>> {
  return opExpr<ResultOf<LaneSignatures[N]>>(name, operands, { lanes: [lane] });
}

/** `i8x16.shuffle`: for each byte of the result, which of the 32 bytes of both vectors it is. */
export function shuffle(
  lanes: readonly number[],
  low: Expr<'v128'>,
  high: Expr<'v128'>,
): Expr<'v128'> {
  return opExpr<'v128'>('i8x16.shuffle', [low, high], { lanes });
}

/** `select`: both values are computed. */
export function select<T extends ValueType>(
  ifTrue: Expr<T>,
  ifFalse: Expr<NoInfer<T>>,
  condition: Expr<'i32'>,
): Expr<T> {
  return { kind: 'select', type: ifTrue.type, operands: [ifTrue, ifFalse, condition] };
}

/**
 * `(f32x4.add (f32x4.mul a b) sum)`. Whoever loads the module may have it done by one instruction: the
 * encoder notes where it stands.
 */
export function multiplyAdd(a: Expr<'v128'>, b: Expr<'v128'>, sum: Local<'v128'>): Expr<'v128'> {
  return { kind: 'multiply-add', type: 'v128', operands: [a, b], sum };
}

/** A parameter or local. */
export function local<T extends ValueType>(type: T, name: string): Local<T> {
  return { type, name };
}

/** `local.get`. */
export function localGet<T extends ValueType>(variable: Local<T>): Expr<T> {
  return { kind: 'local.get', type: variable.type, local: variable };
}

/** `local.tee`: assigns, and leaves the value. */
export function localTee<T extends ValueType>(
  variable: Local<T>,
  value: Expr<NoInfer<T>>,
): Expr<T> {
  return { kind: 'local.tee', type: variable.type, local: variable, value };
}

/** `global.get`. */
export function globalGet<T extends ValueType>(variable: Global<T>): Expr<T> {
  return { kind: 'global.get', type: variable.initial.type, global: variable };
}

/** A call of a function that returns one value, whose type is checked by the encoder. */
export function call<T extends ValueType>(
  type: T,
  callee: Callee,
  ...operands: readonly Expr[]
): Expr<T> {
  return { kind: 'call', type, callee, operands };
}

function opExpr<T extends ValueType>(
  name: string,
  operands: readonly Expr[],
  immediates: Immediates = {},
): Expr<T> {
  const result = opcodes.get(name)?.result;
  if (!result) throw new CompilerError('E_INTERNAL', `"${name}" is no op that leaves a value.`);
  return { kind: 'op', type: result as T, name, operands, ...immediates };
}

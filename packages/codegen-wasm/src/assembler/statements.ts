/** Statements: what leaves no value on the stack. They too are immutable and read like the text. */

import type { Callee, Expr, Global, Immediates, Local, MemoryArgument } from './expr.js';
import type { Exprs } from './expressions.js';
import type {
  BulkSignatures,
  OperandsOf,
  StoredOf,
  StoreLaneSignatures,
  StoreSignatures,
} from './opcodes.js';
import type { ValueType } from './value-type.js';

/** Where a branch leads. The value itself is its identity, the name is for messages. */
export interface Label {
  readonly label: string;
}

interface EffectStmt extends Immediates {
  readonly kind: 'effect';
  readonly name: string;
  readonly operands: readonly Expr[];
}

export type Stmt =
  | EffectStmt
  | { readonly kind: 'local.set'; readonly local: Local; readonly value: Expr }
  | { readonly kind: 'global.set'; readonly global: Global; readonly value: Expr }
  | { readonly kind: 'drop'; readonly value: Expr }
  | { readonly kind: 'call statement'; readonly callee: Callee; readonly operands: readonly Expr[] }
  | { readonly kind: 'block' | 'loop'; readonly label: Label; readonly body: readonly Stmt[] }
  | { readonly kind: 'br'; readonly label: Label }
  | { readonly kind: 'br_if'; readonly label: Label; readonly condition: Expr }
  | {
      readonly kind: 'if';
      readonly condition: Expr;
      readonly then: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | { readonly kind: 'return'; readonly operands: readonly Expr[] }
  | { readonly kind: 'unreachable' };

/** `local.set`. */
export function localSet<T extends ValueType>(variable: Local<T>, value: Expr<NoInfer<T>>): Stmt {
  return { kind: 'local.set', local: variable, value };
}

/** `global.set`. */
export function globalSet<T extends ValueType>(variable: Global<T>, value: Expr<NoInfer<T>>): Stmt {
  return { kind: 'global.set', global: variable, value };
}

/** A store: `store('v128.store', address, value, { offset: 16 })`. */
export function store<N extends keyof StoreSignatures>(
  name: N,
  address: Expr<'i32'>,
  value: Expr<StoredOf<StoreSignatures[N]>>,
  memory: MemoryArgument = {},
): Stmt {
  return { kind: 'effect', name, operands: [address, value], ...memory };
}

/** A store of one lane. */
export function storeLane(
  name: keyof StoreLaneSignatures,
  lane: number,
  address: Expr<'i32'>,
  vector: Expr<'v128'>,
  memory: MemoryArgument = {},
): Stmt {
  return { kind: 'effect', name, operands: [address, vector], ...memory, lanes: [lane] };
}

/** `memory.copy` of target, source and length; `memory.fill` of target, byte and length. */
export function bulk<N extends keyof BulkSignatures>(
  name: N,
  ...operands: Exprs<OperandsOf<BulkSignatures[N]>>
): Stmt {
  return { kind: 'effect', name, operands };
}

/** `drop`: computes a value for what that does, and forgets it. */
export function drop(value: Expr): Stmt {
  return { kind: 'drop', value };
}

/** A call of a function that returns nothing. */
export function callStatement(callee: Callee, ...operands: readonly Expr[]): Stmt {
  return { kind: 'call statement', callee, operands };
}

/** A label for one block or loop. */
export function label(name: string): Label {
  return { label: name };
}

/** `block`: a branch to its label leaves it. */
export function block(target: Label, body: readonly Stmt[]): Stmt {
  return { kind: 'block', label: target, body };
}

/** `loop`: a branch to its label starts it again; without one it runs once. */
export function loop(target: Label, body: readonly Stmt[]): Stmt {
  return { kind: 'loop', label: target, body };
}

/** `br`. */
export function br(target: Label): Stmt {
  return { kind: 'br', label: target };
}

/** `br_if`. */
export function brIf(target: Label, condition: Expr<'i32'>): Stmt {
  return { kind: 'br_if', label: target, condition };
}

/** `if`, with or without an `else`. */
export function ifElse(
  condition: Expr<'i32'>,
  then: readonly Stmt[],
  otherwise: readonly Stmt[] = [],
): Stmt {
  return { kind: 'if', condition, then, otherwise };
}

/** `return`: one value for each result. A function with results has to end in one. */
export function returns(...operands: readonly Expr[]): Stmt {
  return { kind: 'return', operands };
}

/** `unreachable`: traps. */
export function unreachable(): Stmt {
  return { kind: 'unreachable' };
}

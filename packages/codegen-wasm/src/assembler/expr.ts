/** What expressions are made of: immutable trees that each leave one value. */

import type { Constant } from './constants.js';
import type { FunctionType, ValueType } from './value-type.js';

/** A parameter or local of a function. The value itself is its identity, the name is for readers. */
export interface Local<T extends ValueType = ValueType> {
  readonly type: T;
  readonly name: string;
}

/** A global of a module. The value itself is its identity. */
export interface Global<T extends ValueType = ValueType> {
  readonly kind: 'global';
  readonly name: string;
  readonly mutable: boolean;
  readonly initial: Constant<T>;
}

/** What can be called: a function of the module or an imported one; it is found by its name. */
export interface Callee {
  readonly name: string;
  readonly type: FunctionType;
}

/** Where an op finds its bytes, next to the address, and which lanes it means. */
export interface Immediates {
  /** Bytes to add to the address. */
  readonly offset?: number;
  /** The alignment that the address is known to have, in bytes. At most the natural one. */
  readonly align?: number;
  readonly lanes?: readonly number[];
}

/** Offset and alignment of a memory access: 0 and the natural alignment, unless given. */
export type MemoryArgument = Pick<Immediates, 'offset' | 'align'>;

interface Node<T extends ValueType, K extends string> {
  readonly kind: K;
  readonly type: T;
}
interface OpExpr<T extends ValueType> extends Node<T, 'op'>, Immediates {
  readonly name: string;
  readonly operands: readonly Expr[];
}
interface LocalGet<T extends ValueType> extends Node<T, 'local.get'> {
  readonly local: Local<T>;
}
interface LocalTee<T extends ValueType> extends Node<T, 'local.tee'> {
  readonly local: Local<T>;
  readonly value: Expr<T>;
}
interface GlobalGet<T extends ValueType> extends Node<T, 'global.get'> {
  readonly global: Global<T>;
}
interface Select<T extends ValueType> extends Node<T, 'select'> {
  readonly operands: readonly [ifTrue: Expr<T>, ifFalse: Expr<T>, condition: Expr<'i32'>];
}
/** `sum + a · b`, in four lanes of f32. */
interface MultiplyAdd<T extends ValueType> extends Node<T, 'multiply-add'> {
  readonly operands: readonly [a: Expr<'v128'>, b: Expr<'v128'>];
  readonly sum: Local<'v128'>;
}
interface CallExpr<T extends ValueType> extends Node<T, 'call'> {
  readonly callee: Callee;
  readonly operands: readonly Expr[];
}

/** An expression that leaves a value of the type `T`. */
export type Expr<T extends ValueType = ValueType> =
  | Constant<T>
  | OpExpr<T>
  | LocalGet<T>
  | LocalTee<T>
  | GlobalGet<T>
  | Select<T>
  | MultiplyAdd<T>
  | CallExpr<T>;

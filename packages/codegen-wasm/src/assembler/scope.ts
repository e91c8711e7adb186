/** What a function body can name, and the number of each in the binary. */

import { CompilerError } from '@whittle/kernel';
import { type Bytes, unsigned } from './bytes.js';
import type { Callee, Global, Local } from './expr.js';
import type { Label } from './statements.js';
import type { FunctionType, ValueType } from './value-type.js';

/** What all functions of a module share. */
export interface ModuleScope {
  readonly functions: ReadonlyMap<string, { readonly index: number; readonly type: FunctionType }>;
  readonly globals: ReadonlyMap<Global, number>;
  readonly hasMemory: boolean;
}

export interface Scope extends ModuleScope {
  readonly functionName: string;
  readonly results: readonly ValueType[];
  readonly locals: ReadonlyMap<Local, number>;
  /** The open blocks, the innermost first. An `if` is a block, but no branch can name it. */
  readonly labels: readonly (Label | undefined)[];
}

/** @throws {CompilerError} `E_INTERNAL`, with the name of the function. */
export function fail(scope: Pick<Scope, 'functionName'>, message: string): never {
  throw new CompilerError('E_INTERNAL', `Function "${scope.functionName}": ${message}.`);
}

export function localIndex(local: Local, scope: Scope): Bytes {
  const index = scope.locals.get(local);
  return index === undefined ? fail(scope, `"${local.name}" is no local of it`) : unsigned(index);
}

export function globalIndex(global: Global, scope: Scope): Bytes {
  const index = scope.globals.get(global);
  return index === undefined ? fail(scope, `no global "${global.name}"`) : unsigned(index);
}

export function functionIndex(
  callee: Callee,
  scope: Scope,
): { readonly type: FunctionType; readonly bytes: Bytes } {
  const found = scope.functions.get(callee.name);
  if (!found) return fail(scope, `no function "${callee.name}"`);
  return { type: found.type, bytes: unsigned(found.index) };
}

export function labelDepth(label: Label, scope: Scope): Bytes {
  const depth = scope.labels.indexOf(label);
  return depth < 0 ? fail(scope, `no open block "${label.label}"`) : unsigned(depth);
}

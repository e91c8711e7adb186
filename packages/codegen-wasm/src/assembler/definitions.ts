/** What a module is made of, as plain data. */

import type { Constant } from './constants.js';
import type { Callee, Global, Local } from './expr.js';
import type { Stmt } from './statements.js';
import type { FunctionType, ValueType } from './value-type.js';

/** A function with a body. */
export interface Func extends Callee {
  readonly params: readonly Local[];
  readonly locals: readonly Local[];
  readonly body: readonly Stmt[];
}

/** A function that whoever instantiates the module hands in as `imports[module][field]`. */
export interface ImportedFunc extends Callee {
  readonly module: string;
  readonly field: string;
}

/** The one memory, in pages of 64 KiB. */
export interface Memory {
  readonly initial: number;
  readonly maximum?: number;
  /** Where the memory comes from, when the module does not make its own. */
  readonly import?: { readonly module: string; readonly field: string };
  readonly exportAs?: string;
}

/** Bytes that are copied into the memory at instantiation. */
export interface DataSegment {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface ModuleDefinition {
  readonly functions: readonly Func[];
  readonly imports?: readonly ImportedFunc[];
  readonly memory?: Memory;
  readonly globals?: readonly Global[];
  /** From the public name to what it names. */
  readonly exports?: Readonly<Record<string, Callee | Global>>;
  readonly dataSegments?: readonly DataSegment[];
  /** Whether to add the names of functions and locals, for debuggers and disassemblers. */
  readonly names?: boolean;
}

/** A function; its locals start as zero. */
export function func(definition: {
  readonly name: string;
  readonly params?: readonly Local[];
  readonly locals?: readonly Local[];
  readonly results?: readonly ValueType[];
  readonly body: readonly Stmt[];
}): Func {
  const { name, params = [], locals = [], results = [], body } = definition;
  const type: FunctionType = { params: params.map((param) => param.type), results };
  return { name, type, params, locals, body };
}

/** A function of the host. Inside the module it is called by `name`. */
export function importFunc(
  name: string,
  type: FunctionType,
  from: { readonly module: string; readonly field: string },
): ImportedFunc {
  return { name, type, ...from };
}

/** A variable or constant of the whole module. */
export function global<T extends ValueType>(
  name: string,
  initial: Constant<T>,
  options: { readonly mutable: boolean },
): Global<T> {
  return { kind: 'global', name, mutable: options.mutable, initial };
}

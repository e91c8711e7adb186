/** What spelling one kernel knows and gathers: its locals, its parameters, the ranges of indices. */

import {
  CompilerError,
  type Kernel,
  type LaneTypes,
  type Range,
  type ScalarType,
} from '@whittle/kernel';
import type { Expr, Local } from './assembler/expr.js';
import { local, localGet, localTee } from './assembler/expressions.js';
import type { Stmt } from './assembler/statements.js';
import type { ValueType } from './assembler/value-type.js';
import type { UsedFunctions } from './used-functions.js';
import { type ElementType, representationOf } from './value-types.js';

/** How the lanes of the loop around differ. */
export interface Lanes {
  readonly types: LaneTypes;
  /** Values that are the same in all lanes, and are held as vectors. */
  readonly spread: ReadonlySet<string>;
  /** What the loop declares. */
  readonly own: ReadonlySet<string>;
}

export class KernelScope {
  readonly functions: UsedFunctions;
  /** Grows as indices are declared. Parameters are addresses, which are never negative. */
  readonly ranges: Map<string, Range>;
  /** One address for each parameter of the kernel. */
  readonly params: readonly Local<'i32'>[];
  readonly locals: Local[] = [];
  /** Of the loop in lanes that is being spelled. */
  lanes: Lanes | undefined;
  /** What has to run before the statement that is being spelled. */
  pending: Stmt[] = [];
  readonly #kernel: Kernel;
  readonly #variables: Map<string, Local>;
  readonly #shared = new Map<string, Local<'v128'>>();
  readonly #dtypes: ReadonlyMap<string, ElementType>;

  constructor(kernel: Kernel, functions: UsedFunctions) {
    this.functions = functions;
    this.#kernel = kernel;
    this.params = kernel.params.map(({ name }) => local('i32', name));
    this.ranges = new Map(kernel.params.map(({ name }) => [name, { min: 0, max: Infinity }]));
    this.#variables = new Map(this.params.map((param) => [param.name, param]));
    this.#dtypes = new Map(kernel.params.map(({ name, dtype }) => [name, dtype]));
  }

  get kernelParams(): Kernel['params'] {
    return this.#kernel.params;
  }

  get laneTypes(): LaneTypes {
    return this.lanes?.types ?? this.fail('a vector stands outside of lanes');
  }

  declare(name: string, dtype: ScalarType): Local {
    const variable = this.#newLocal(representationOf(dtype).type, name);
    this.#variables.set(name, variable);
    return variable;
  }

  declareVector(name: string): Local<'v128'> {
    const variable = this.#newLocal('v128', name);
    this.#variables.set(name, variable);
    return variable;
  }

  variable(name: string): Local {
    return this.#variables.get(name) ?? this.fail(`"${name}" is not declared`);
  }

  dtypeOf(param: string): ElementType {
    return this.#dtypes.get(param) ?? this.fail(`"${param}" is no parameter`);
  }

  temporary<T extends ValueType>(type: T, purpose: string): Local<T> {
    return this.#newLocal(type, purpose);
  }

  /** The local of a purpose, which others of the same purpose use after it. */
  sharedVector(purpose: string): Local<'v128'> {
    const known = this.#shared.get(purpose) ?? this.#newLocal('v128', purpose);
    this.#shared.set(purpose, known);
    return known;
  }

  /** A value for two uses: `first` has to be evaluated before `again`. */
  share<T extends ValueType>(value: Expr<T>): { readonly first: Expr<T>; readonly again: Expr<T> } {
    if (value.kind === 'const' || value.kind === 'local.get') return { first: value, again: value };
    const shared = this.temporary(value.type, 'shared');
    return { first: localTee(shared, value), again: localGet(shared) };
  }

  fail(message: string): never {
    throw new CompilerError('E_INTERNAL', `Kernel "${this.#kernel.name}": ${message}.`);
  }

  #newLocal<T extends ValueType>(type: T, name: string): Local<T> {
    const created = local(type, name);
    this.locals.push(created);
    return created;
  }
}

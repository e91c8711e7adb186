/**
 * Spells a kernel as a function of a module:
 *
 *     function relu(f32, x, y) {
 *       for (let i = 0; i < 512; i++) {
 *         f32[y + i] = Math.max(f32[x + i], 0);
 *       }
 *     }
 *
 * Parameters: one typed array for each dtype in use, then for each parameter of the kernel
 * the element of its typed array from which its indices count. That element takes part in index
 * arithmetic like any variable, so that hoisting merges it with what else is constant in a loop.
 */

import { type FreshNames, TextWriter } from '@whittle/emit';
import {
  add,
  CompilerError,
  type For,
  hoistInvariants,
  type Kernel,
  type Param,
  type Stmt,
  statementsIn,
  variable,
  withAddresses,
} from '@whittle/kernel';
import type { UseHelper } from './operators.js';
import { freeNames, loopsToOutline } from './outline-loops.js';
import { heapOf } from './types.js';
import { endOf, type WriteContext, writeLoop, writeStmts } from './write-stmts.js';

export interface PrintedKernel extends PrintedFunction {
  /** The typed arrays that the function takes first, by the names that `heapOf` gives. */
  readonly heaps: readonly string[];
  /** The functions that it calls, which are its own. */
  readonly parts: readonly (PrintedFunction & { readonly name: string })[];
}

interface PrintedFunction {
  /** All parameters: the typed arrays, then an offset for each parameter of the kernel. */
  readonly params: readonly string[];
  readonly body: string;
}

/** `names` are those of the module, which the function does not hide; `name` is its own. */
export function printKernel(
  kernel: Kernel,
  name: string,
  names: FreshNames,
  helper: UseHelper,
): PrintedKernel {
  const { body } = hoistInvariants(
    withAddresses(kernel, (param, index) => add(variable(param, 'index'), index)),
  );
  const outlined = new Map(loopsToOutline(body).map((loop) => [loop, names.fresh(`${name}_part`)]));
  const identifiers = identifiersOf(kernel.params, body, names.inner());
  const nameOf = (local: string): string => identifiers.get(local) ?? unknown(kernel, local);
  const params = new Map(kernel.params.map((param) => [param.name, param]));
  const heaps = heapsOf(kernel.params);
  const parametersOf = (loop: For): readonly string[] => [...heaps, ...freeNames(loop).map(nameOf)];
  const context: WriteContext = {
    kernel: kernel.name,
    helper,
    ranges: new Map(kernel.params.map((param) => [param.name, { min: 0, max: Infinity }])),
    nameOf,
    heapOf: (param) => {
      const { dtype } = params.get(param) ?? unknown(kernel, param);
      return { heap: heapOf(dtype), dtype };
    },
    callOf: (loop) => {
      const part = outlined.get(loop);
      return part && `${part}(${parametersOf(loop).join(', ')})`;
    },
  };
  const print = (write: (writer: TextWriter) => void): string => {
    const writer = new TextWriter({ level: 1 });
    write(writer);
    return writer.toString();
  };
  return {
    heaps,
    params: [...heaps, ...kernel.params.map((param) => nameOf(param.name))],
    body: print((writer) => writeStmts(body, writer, context)),
    parts: [...outlined].map(([loop, part]) => ({
      name: part,
      params: parametersOf(loop),
      body: print((writer) => writeLoop(loop, writer, context)),
    })),
  };
}

function identifiersOf(
  params: readonly Param[],
  body: readonly Stmt[],
  scope: FreshNames,
): ReadonlyMap<string, string> {
  const declared = [...statementsIn(body)].flatMap((stmt) => {
    if (stmt.kind === 'let' || stmt.kind === 'local') return [stmt.name];
    if (stmt.kind !== 'for') return [];
    return stmt.end.kind === 'literal' ? [stmt.name] : [stmt.name, endOf(stmt)];
  });
  const names = [...params.map(({ name }) => name), ...declared];
  return new Map(names.map((name) => [name, scope.fresh(name)]));
}

function heapsOf(params: readonly Param[]): readonly string[] {
  return [...new Set(params.map(({ dtype }) => heapOf(dtype)))].sort();
}

function unknown(kernel: Kernel, name: string): never {
  throw new CompilerError('E_INTERNAL', `Kernel "${kernel.name}": "${name}" is not declared.`);
}

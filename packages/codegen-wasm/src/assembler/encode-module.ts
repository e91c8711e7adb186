/**
 * A module as a binary. Everything is numbered here: types in the order of first use, functions and
 * globals as they are listed, imports first. The same definition gives the same bytes.
 */

import { CompilerError } from '@whittle/kernel';
import { type Bytes, concat, name, sized, unsigned, vector } from './bytes.js';
import { type Constant, constantOpcodes, i32Const } from './constants.js';
import type { DataSegment, Memory, ModuleDefinition } from './definitions.js';
import { type Code, encodeFunction } from './encode-function.js';
import type { Callee, Global } from './expr.js';
import { encodeNames } from './name-section.js';
import type { ModuleScope } from './scope.js';
import { type FunctionType, type ValueType, valueTypeCodes } from './value-type.js';

/** @throws {CompilerError} `E_INTERNAL` where the definition breaks a rule. */
export function encodeModule(definition: ModuleDefinition): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(encodeWithSums(definition).bytes);
}

/** The same, and where each `multiply-add` begins behind its operands, in ascending order. */
export function encodeWithSums(definition: ModuleDefinition): Code {
  const { functions, imports = [], memory, globals = [], dataSegments = [] } = definition;
  if (dataSegments.length > 0 && !memory) broken('Data segments need a memory.');
  const callees: readonly Callee[] = [...imports, ...functions];
  const types = new Map(callees.map(({ type }) => [String(encodeType(type)), type]));
  const typeIndex = ({ type }: Callee): Bytes =>
    unsigned([...types.keys()].indexOf(String(encodeType(type))));
  const scope = scopeOf(callees, globals, memory);
  const importedFunctions = imports.map((imported) =>
    concat([name(imported.module), name(imported.field), [0x00], typeIndex(imported)]),
  );
  const before = concat([
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, [...types.values()].map(encodeType)),
    section(2, [...importedFunctions, ...importedMemory(memory)]),
    section(3, functions.map(typeIndex)),
    section(5, memory && !memory.import ? [limits(memory)] : []),
    section(6, globals.map(encodeGlobal)),
    section(7, encodeExports(definition, scope)),
  ]);
  const code = codeSection(functions.map((func) => encodeFunction(func, scope)));
  const bytes = concat([
    before,
    code.bytes,
    section(11, dataSegments.map(encodeData)),
    definition.names ? encodeNames(imports, functions) : [],
  ]);
  return { bytes, sums: code.sums.map((at) => before.length + at) };
}

function codeSection(functions: readonly Code[]): Code {
  const entries = functions.map(({ bytes }) => bytes);
  const bytes = section(10, entries);
  let at = bytes.length - entries.reduce((sum, entry) => sum + entry.length, 0);
  const sums = functions.flatMap((each) => {
    const start = at;
    at += each.bytes.length;
    return each.sums.map((sum) => start + sum);
  });
  return { bytes, sums };
}

function section(id: number, items: readonly Bytes[]): Bytes {
  return items.length === 0 ? [] : concat([[id], sized(vector(items))]);
}

function encodeType({ params, results }: FunctionType): Bytes {
  const codes = (types: readonly ValueType[]) =>
    vector(types.map((type) => [valueTypeCodes[type]]));
  return [0x60, ...codes(params), ...codes(results)];
}

function scopeOf(
  callees: readonly Callee[],
  globals: readonly Global[],
  memory: Memory | undefined,
): ModuleScope {
  const functions = new Map(callees.map(({ name, type }, index) => [name, { index, type }]));
  if (functions.size < callees.length) broken('Two functions have one name.');
  const numbers = new Map(globals.map((global, index) => [global, index]));
  return { functions, globals: numbers, hasMemory: memory !== undefined };
}

function importedMemory(memory: Memory | undefined): Bytes[] {
  if (!memory?.import) return [];
  const { module, field } = memory.import;
  return [concat([name(module), name(field), [0x02], limits(memory)])];
}

/** Pages at the start, and at most where there is a bound. */
function limits({ initial, maximum }: Memory): Bytes {
  if (initial > (maximum ?? pageLimit) || (maximum ?? 0) > pageLimit) {
    broken(`A memory of ${initial} pages, at most ${maximum ?? pageLimit}, cannot be.`);
  }
  if (maximum === undefined) return [0x00, ...unsigned(initial)];
  return [0x01, ...unsigned(initial), ...unsigned(maximum)];
}

/** All that a 32-bit address reaches. */
const pageLimit = 0x10000;

function encodeGlobal({ initial, mutable }: Global): Bytes {
  const type = [valueTypeCodes[initial.type], mutable ? 1 : 0];
  return [...type, ...constantExpression(initial)];
}

function constantExpression({ type, bytes }: Constant): Bytes {
  return [...constantOpcodes[type], ...bytes, 0x0b];
}

function encodeExports({ exports = {}, memory }: ModuleDefinition, scope: ModuleScope): Bytes[] {
  const named = Object.entries(exports).map(([publicName, item]) => {
    const isGlobal = 'kind' in item;
    const index = isGlobal ? scope.globals.get(item) : scope.functions.get(item.name)?.index;
    if (index === undefined) return broken(`The export "${publicName}" is not in the module.`);
    return concat([name(publicName), [isGlobal ? 0x03 : 0x00], unsigned(index)]);
  });
  if (memory?.exportAs === undefined) return named;
  return [...named, concat([name(memory.exportAs), [0x02, 0x00]])];
}

/** Active in memory 0, at a constant address. */
function encodeData({ offset, bytes }: DataSegment): Bytes {
  return concat([[0x00], constantExpression(i32Const(offset)), sized(bytes)]);
}

function broken(message: string): never {
  throw new CompilerError('E_INTERNAL', message);
}

/**
 * One node as an instruction: what it takes, what it leaves, and its bytes behind those of its
 * operands. Types are checked and bytes are written from the same record, so they cannot disagree.
 */

import { type Bytes, concat, unsigned } from './bytes.js';
import { constantOpcodes } from './constants.js';
import type { Callee, Expr, Immediates } from './expr.js';
import { opcodes } from './opcodes.js';
import { fail, functionIndex, globalIndex, labelDepth, localIndex, type Scope } from './scope.js';
import type { Stmt } from './statements.js';
import type { ValueType } from './value-type.js';

export interface Instruction {
  readonly name: string;
  readonly operands: readonly Expr[];
  readonly takes: readonly ValueType[];
  readonly leaves: readonly ValueType[];
  readonly bytes: Bytes;
}

/** The head of a node. Of a block, a loop or an `if` it is what opens it. */
export function instructionOf(node: Expr | Stmt, scope: Scope): Instruction {
  switch (node.kind) {
    case 'const':
      return leaf('const', [node.type], [...constantOpcodes[node.type], ...node.bytes]);
    case 'op':
    case 'effect':
      return opInstruction(node, scope);
    case 'local.get':
      return leaf(node.kind, [node.local.type], [0x20, ...localIndex(node.local, scope)]);
    case 'local.set':
    case 'local.tee': {
      const { type } = node.local;
      const [code, leaves] = node.kind === 'local.tee' ? [0x22, [type]] : [0x21, []];
      const bytes = [code, ...localIndex(node.local, scope)];
      return { name: node.kind, operands: [node.value], takes: [type], leaves, bytes };
    }
    case 'global.get': {
      const bytes = [0x23, ...globalIndex(node.global, scope)];
      return leaf(node.kind, [node.global.initial.type], bytes);
    }
    case 'global.set': {
      const { initial, mutable, name } = node.global;
      if (!mutable) fail(scope, `global.set: "${name}" is not mutable`);
      const bytes = [0x24, ...globalIndex(node.global, scope)];
      return sink(node.kind, [node.value], [initial.type], bytes);
    }
    case 'select': {
      const { type, operands } = node;
      return {
        name: 'select',
        operands,
        takes: [type, type, 'i32'],
        leaves: [type],
        bytes: [0x1b],
      };
    }
    case 'multiply-add': {
      const { operands } = node;
      const bytes = [...multiply, 0x20, ...localIndex(node.sum, scope), ...add];
      return { name: node.kind, operands, takes: ['v128', 'v128'], leaves: ['v128'], bytes };
    }
    case 'drop':
      return sink('drop', [node.value], [node.value.type], [0x1a]);
    case 'call':
    case 'call statement':
      return callInstruction(node, scope);
    case 'block':
      return leaf('block', [], [0x02, noResult]);
    case 'loop':
      return leaf('loop', [], [0x03, noResult]);
    case 'if':
      return sink('if', [node.condition], ['i32'], [0x04, noResult]);
    case 'br':
      return leaf('br', [], [0x0c, ...labelDepth(node.label, scope)]);
    case 'br_if':
      return sink('br_if', [node.condition], ['i32'], [0x0d, ...labelDepth(node.label, scope)]);
    case 'return':
      return sink('return', node.operands, scope.results, [0x0f]);
    case 'unreachable':
      return leaf('unreachable', [], [0x00]);
  }
}

const multiply = opcodes.get('f32x4.mul')?.bytes ?? [];
const add = opcodes.get('f32x4.add')?.bytes ?? [];

/** The type of a block that neither takes nor leaves values. */
const noResult = 0x40;

function leaf(name: string, leaves: readonly ValueType[], bytes: Bytes): Instruction {
  return { name, operands: [], takes: [], leaves, bytes };
}

function sink(
  name: string,
  operands: readonly Expr[],
  takes: readonly ValueType[],
  bytes: Bytes,
): Instruction {
  return { name, operands, takes, leaves: [], bytes };
}

function callInstruction(
  { callee, operands }: { readonly callee: Callee; readonly operands: readonly Expr[] },
  scope: Scope,
): Instruction {
  const { type, bytes } = functionIndex(callee, scope);
  const name = `call "${callee.name}"`;
  return { name, operands, takes: type.params, leaves: type.results, bytes: [0x10, ...bytes] };
}

function opInstruction(
  node: Immediates & { readonly name: string; readonly operands: readonly Expr[] },
  scope: Scope,
): Instruction {
  const opcode = opcodes.get(node.name);
  if (!opcode) return fail(scope, `there is no op "${node.name}"`);
  const { name, operands: takes, result, immediate } = opcode;
  const usesMemory = immediate.access !== undefined || name.startsWith('memory.');
  if (usesMemory && !scope.hasMemory) fail(scope, `${name}: the module has no memory`);
  const bytes = concat([
    opcode.bytes,
    immediate.access === undefined ? [] : memoryArgument(name, immediate.access, node, scope),
    laneNumbers(name, immediate.lanes ?? { count: 0, limit: 0 }, node.lanes ?? [], scope),
  ]);
  return { name, operands: node.operands, takes, leaves: result ? [result] : [], bytes };
}

function memoryArgument(
  name: string,
  access: number,
  { offset = 0, align = access }: Immediates,
  scope: Scope,
): Bytes {
  const exponent = Math.log2(align);
  if (!Number.isInteger(exponent) || exponent < 0 || align > access) {
    fail(scope, `${name}: cannot be aligned to ${align} bytes`);
  }
  if (!Number.isInteger(offset) || offset < 0 || offset > 0xffffffff) {
    fail(scope, `${name}: the offset ${offset} is no unsigned 32-bit integer`);
  }
  return [...unsigned(exponent), ...unsigned(offset)];
}

function laneNumbers(
  name: string,
  { count, limit }: { readonly count: number; readonly limit: number },
  lanes: readonly number[],
  scope: Scope,
): Bytes {
  const known = lanes.every((lane) => Number.isInteger(lane) && lane >= 0 && lane < limit);
  if (lanes.length === count && known) return lanes;
  return fail(scope, `${name}: wants ${count} of the lane numbers below ${limit}, not [${lanes}]`);
}

/** A function as its entry of the code section; the types of all it holds are checked on the way. */

import { type Bytes, concat, sized, unsigned, vector } from './bytes.js';
import type { Func } from './definitions.js';
import type { Expr, Local } from './expr.js';
import { type Instruction, instructionOf } from './instruction.js';
import { fail, type ModuleScope, type Scope } from './scope.js';
import type { Stmt } from './statements.js';
import { type ValueType, valueTypeCodes } from './value-type.js';

/** A part of a module, and where in it each `multiply-add` begins behind its operands. */
export interface Code {
  readonly bytes: Bytes;
  readonly sums: readonly number[];
}

/** @throws {CompilerError} `E_INTERNAL` where the body breaks a rule. */
export function encodeFunction(func: Func, moduleScope: ModuleScope): Code {
  const { name: functionName } = func;
  const { results } = func.type;
  const locals = numberLocals(func);
  const scope: Scope = { ...moduleScope, functionName, results, locals, labels: [] };
  const body: Written = { bytes: [], sums: [] };
  pushBody(func.body, scope, body);
  checkEnd(func, scope);
  const bytes = sized(concat([localGroups(func), body.bytes, [end]]));
  const before = bytes.length - body.bytes.length - 1;
  return { bytes, sums: body.sums.map((at) => before + at) };
}

interface Written {
  readonly bytes: number[];
  readonly sums: number[];
}

/** Parameters first, as they come; then the other locals, those of one type together. */
export function numberLocals(func: Func): ReadonlyMap<Local, number> {
  const all = [...func.params, ...groupByType(func.locals).flatMap(([, locals]) => locals)];
  const numbers = new Map(all.map((local, index) => [local, index]));
  if (numbers.size < all.length) fail({ functionName: func.name }, 'a local is declared twice');
  return numbers;
}

const end = 0x0b;
const otherwise = 0x05;

function groupByType(locals: readonly Local[]): [ValueType, readonly Local[]][] {
  return (Object.keys(valueTypeCodes) as ValueType[])
    .map((type): [ValueType, Local[]] => [type, locals.filter((local) => local.type === type)])
    .filter(([, group]) => group.length > 0);
}

function localGroups(func: Func): Bytes {
  const groups = groupByType(func.locals);
  return vector(groups.map(([type, locals]) => [...unsigned(locals.length), valueTypeCodes[type]]));
}

/** Values are returned by `return` alone, so that what follows a body never needs them. */
function checkEnd(func: Func, scope: Scope): void {
  const last = func.body.at(-1)?.kind;
  if (func.type.results.length === 0 || last === 'return' || last === 'unreachable') return;
  fail(scope, 'it has results, but does not end in a return');
}

function pushBody(body: readonly Stmt[], scope: Scope, out: Written): void {
  for (const stmt of body) pushStmt(stmt, scope, out);
}

function pushStmt(stmt: Stmt, scope: Scope, out: Written): void {
  pushInstruction(instructionOf(stmt, scope), [], scope, out);
  if (stmt.kind === 'block' || stmt.kind === 'loop') {
    pushBody(stmt.body, { ...scope, labels: [stmt.label, ...scope.labels] }, out);
    out.bytes.push(end);
  } else if (stmt.kind === 'if') {
    const inside = { ...scope, labels: [undefined, ...scope.labels] };
    pushBody(stmt.then, inside, out);
    if (stmt.otherwise.length > 0) out.bytes.push(otherwise);
    pushBody(stmt.otherwise, inside, out);
    out.bytes.push(end);
  }
}

function pushInstruction(
  { name, operands, takes, leaves, bytes }: Instruction,
  wanted: readonly ValueType[],
  scope: Scope,
  out: Written,
): void {
  const given = operands.map((operand) => operand.type);
  if (String(given) !== String(takes)) {
    fail(scope, `${name}: takes (${takes.join(', ')}), not (${given.join(', ')})`);
  }
  if (String(leaves) !== String(wanted)) {
    fail(scope, `${name}: leaves (${leaves.join(', ')}), not (${wanted.join(', ')})`);
  }
  for (const operand of operands) pushExpr(operand, scope, out);
  for (const byte of bytes) out.bytes.push(byte);
}

function pushExpr(expr: Expr, scope: Scope, out: Written): void {
  const instruction = instructionOf(expr, scope);
  pushInstruction(instruction, [expr.type], scope, out);
  if (expr.kind === 'multiply-add') out.sums.push(out.bytes.length - instruction.bytes.length);
}

/** Expressions of the loop IR as WebAssembly. */

import { type Binary, type Expr, type Literal, type Load, rangeOf } from '@whittle/kernel';
import { f32Const, f64Const, i32Const, i64Const } from './assembler/constants.js';
import type { MemoryArgument, Expr as WasmExpr } from './assembler/expr.js';
import { load, localGet, select } from './assembler/expressions.js';
import type { KernelScope } from './kernel-scope.js';
import { asI32 } from './op-by-name.js';
import { spellBinary, spellUnary } from './operators.js';
import { decodeElement, spellCast } from './spell-cast.js';
import { spellDivision } from './spell-division.js';
import { elementOf, representationOf } from './value-types.js';

/** The indices of loads in it are addresses, in bytes. */
export function spellExpr(expr: Expr, scope: KernelScope): WasmExpr {
  const spell = (operand: Expr): WasmExpr => spellExpr(operand, scope);
  switch (expr.kind) {
    case 'literal':
      return spellLiteral(expr);
    case 'variable':
      return localGet(scope.variable(expr.name));
    case 'load':
      return spellLoad(expr, scope);
    case 'unary':
      return spellUnary(expr.op, expr.x.dtype, spell(expr.x), scope);
    case 'binary':
      return spellOperation(expr, scope);
    case 'select':
      return select(spell(expr.then), spell(expr.otherwise), asI32(spell(expr.condition)));
    case 'cast':
      return spellCast(expr, spell(expr.x), scope.functions);
  }
}

/** An address, with the constant summand that a load or store adds on its own. */
export function spellAddress(
  address: Expr,
  scope: KernelScope,
): { readonly base: WasmExpr<'i32'>; readonly memory: MemoryArgument } {
  if (address.kind === 'binary' && address.op === 'add' && address.b.kind === 'literal') {
    const offset = Number(address.b.value);
    // The sum of address and offset does not wrap, so a negative rest would be far out of bounds.
    if (offset > 0 && rangeOf(address.a, scope.ranges).min >= 0) {
      return { base: asI32(spellExpr(address.a, scope)), memory: { offset } };
    }
  }
  return { base: asI32(spellExpr(address, scope)), memory: {} };
}

function spellOperation(expr: Binary, scope: KernelScope): WasmExpr {
  const operands = [spellExpr(expr.a, scope), spellExpr(expr.b, scope)] as const;
  return (
    spellDivision(expr, operands, scope) ?? spellBinary(expr.op, expr.a.dtype, operands, scope)
  );
}

function spellLoad({ param, index }: Load, scope: KernelScope): WasmExpr {
  const dtype = scope.dtypeOf(param);
  const { base, memory } = spellAddress(index, scope);
  return decodeElement(load(elementOf(dtype).load, base, memory), dtype, scope.functions);
}

function spellLiteral({ dtype, value }: Literal): WasmExpr {
  switch (representationOf(dtype).type) {
    case 'i32':
      return i32Const(Number(value));
    case 'i64':
      return i64Const(BigInt(value));
    case 'f32':
      return f32Const(Number(value));
    case 'f64':
      return f64Const(Number(value));
  }
}

/**
 * Kernels as text, for dumps and goldens; `parseKernel` reads it back.
 *
 *     kernel relu(x: f32 read arena, y: f32 write arena) {
 *       for i in 0..512 step 2 {
 *         let x0 = x[i];
 *         local acc: f32 = 0.0;
 *         acc = acc + max(x0, 0.0);
 *         if i < 100 {
 *           y[i] = acc;
 *         }
 *       }
 *     }
 */

import type { Kernel, Param, SharedArray, Stmt } from '../loop-ir.js';
import { printExpr } from './print-expr.js';
import { formatName, formatScalarType } from './vocabulary.js';

export function printKernel(kernel: Kernel): string {
  return `${printKernelLines(kernel).join('\n')}\n`;
}

export function printKernelLines(kernel: Kernel): readonly string[] {
  const { name, params, shared = [], body } = kernel;
  const list = params.map(printParam).join(', ');
  const arrays = shared.map(printShared).join(', ');
  const header = `kernel ${formatName(name)}(${list})${arrays === '' ? '' : ` shared ${arrays}`}`;
  return [`${header} {`, ...printBlock(body, '  '), '}'];
}

function printParam({ name, dtype, access, space }: Param): string {
  return `${formatName(name)}: ${formatScalarType(dtype)} ${access} ${space}`;
}

function printShared({ name, dtype, length }: SharedArray): string {
  return `${formatName(name)}: ${formatScalarType(dtype)}[${length}]`;
}

function printBlock(stmts: readonly Stmt[], margin: string): string[] {
  return stmts.flatMap((stmt) => printStmt(stmt, margin));
}

function printStmt(stmt: Stmt, margin: string): string[] {
  const inner = `${margin}  `;
  switch (stmt.kind) {
    case 'for': {
      const step = stmt.step === 1 ? '' : ` step ${stmt.step}`;
      const lanes = stmt.lanes === undefined ? '' : ` lanes ${stmt.lanes}`;
      const grid = stmt.grid === undefined ? '' : ' grid';
      const threads = stmt.threads === undefined ? '' : ' threads';
      const turns = `${step}${lanes}${grid}${threads}`;
      const span = `${printExpr(stmt.start)}..${printExpr(stmt.end)}${turns}`;
      return [
        `${margin}for ${formatName(stmt.name)} in ${span} {`,
        ...printBlock(stmt.body, inner),
        `${margin}}`,
      ];
    }
    case 'let':
      return [`${margin}let ${formatName(stmt.name)} = ${printExpr(stmt.value)};`];
    case 'local': {
      const type = formatScalarType(stmt.dtype);
      return [`${margin}local ${formatName(stmt.name)}: ${type} = ${printExpr(stmt.init)};`];
    }
    case 'assign':
      return [`${margin}${formatName(stmt.name)} = ${printExpr(stmt.value)};`];
    case 'store': {
      const place = `${formatName(stmt.param)}[${printExpr(stmt.index)}]`;
      return [`${margin}${place} = ${printExpr(stmt.value)};`];
    }
    case 'if':
      return [
        `${margin}if ${printExpr(stmt.condition)} {`,
        ...printBlock(stmt.then, inner),
        ...(stmt.otherwise.length === 0
          ? []
          : [`${margin}} else {`, ...printBlock(stmt.otherwise, inner)]),
        `${margin}}`,
      ];
  }
}

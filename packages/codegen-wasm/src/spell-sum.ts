/** Sums of products in lanes, which engines with fused multiply-add may be told to fuse. */

import type { Assign, Expr } from '@whittle/kernel';
import type { Local } from './assembler/expr.js';
import { multiplyAdd } from './assembler/expressions.js';
import type { KernelScope } from './kernel-scope.js';
import { spellVector } from './spell-vector.js';
import type { Vector } from './vector-operators.js';

/** The new value of `s` in `s = s + a * b`; undefined for what is no such sum. */
export function spellSum({ name, value }: Assign, scope: KernelScope): Vector | undefined {
  const sum = scope.variable(name);
  const factors = factorsAddedTo(name, value);
  if (factors === undefined || !isVector(sum)) return undefined;
  const [a, b] = factors;
  return multiplyAdd(spellVector(a, scope), spellVector(b, scope), sum);
}

function factorsAddedTo(name: string, value: Expr): readonly [Expr, Expr] | undefined {
  if (value.kind !== 'binary' || value.op !== 'add' || value.dtype !== 'float32') return undefined;
  const { a: sum, b: product } = value;
  if (sum.kind !== 'variable' || sum.name !== name) return undefined;
  if (product.kind !== 'binary' || product.op !== 'mul') return undefined;
  return [product.a, product.b];
}

function isVector(local: Local): local is Local<'v128'> {
  return local.type === 'v128';
}

/** Where the lanes of a vector lie that are not side by side. */

import { i32Const } from './assembler/constants.js';
import type { Expr, MemoryArgument } from './assembler/expr.js';
import { op } from './assembler/expressions.js';

/** So many bytes from the place of the first lane. */
export function laneAddress(
  base: Expr<'i32'>,
  memory: MemoryArgument,
  bytes: number,
): { readonly base: Expr<'i32'>; readonly memory: MemoryArgument } {
  if (bytes >= 0) return { base, memory: { offset: (memory.offset ?? 0) + bytes } };
  return { base: op('i32.add', base, i32Const(bytes)), memory };
}

/** Constants that are the same in all four lanes. */

import type { ScalarType } from '@whittle/kernel';
import { v128Const } from './assembler/constants.js';
import type { Expr } from './assembler/expr.js';

/** The f32 or i32 lanes of a vector. */
export const laneCount = 4;

/** Whether an element fills a lane. */
export function isWord(dtype: ScalarType): boolean {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'uint32';
}

/** Bools are masks. */
export function splatConst(dtype: ScalarType, value: number): Expr<'v128'> {
  const lane = new DataView(new ArrayBuffer(4));
  if (dtype === 'float32') lane.setFloat32(0, value, true);
  else lane.setInt32(0, dtype === 'bool' ? -value : value, true);
  const bytes = new Uint8Array(16);
  for (let at = 0; at < 16; at += 4) bytes.set(new Uint8Array(lane.buffer), at);
  return v128Const(bytes);
}

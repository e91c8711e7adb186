/** Constants. A value becomes the bytes of its immediate at once, so that no bit of it can change. */

import { CompilerError } from '@whittle/kernel';
import { type Bytes, signed } from './bytes.js';
import type { ValueType } from './value-type.js';

/** A constant of the type `T`, as the bytes that follow its opcode. */
export interface Constant<T extends ValueType = ValueType> {
  readonly kind: 'const';
  readonly type: T;
  readonly bytes: Bytes;
}

export const constantOpcodes: Readonly<Record<ValueType, Bytes>> = {
  i32: [0x41],
  i64: [0x42],
  f32: [0x43],
  f64: [0x44],
  v128: [0xfd, 0x0c],
};

/** `i32.const`: an integer from -2**31 up to, unsigned, 2**32 - 1. */
export function i32Const(value: number): Constant<'i32'> {
  if (!Number.isInteger(value) || value < -0x80000000 || value > 0xffffffff) {
    throw new CompilerError('E_INTERNAL', `i32.const ${value}: not a 32-bit integer.`);
  }
  return { kind: 'const', type: 'i32', bytes: signed(BigInt(value | 0)) };
}

/** `i64.const`: an integer from -2**63 up to, unsigned, 2**64 - 1. */
export function i64Const(value: bigint): Constant<'i64'> {
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new CompilerError('E_INTERNAL', `i64.const ${value}: not a 64-bit integer.`);
  }
  return { kind: 'const', type: 'i64', bytes: signed(BigInt.asIntN(64, value)) };
}

/** `f32.const`: the float nearest to `value`; NaN is the canonical one. */
export function f32Const(value: number): Constant<'f32'> {
  if (Number.isNaN(value)) return f32ConstOfBits(0x7fc00000);
  return {
    kind: 'const',
    type: 'f32',
    bytes: bytesOf(4, (view) => view.setFloat32(0, value, true)),
  };
}

/** `f32.const` of these 32 bits, which is how to write a NaN with a payload. */
export function f32ConstOfBits(bits: number): Constant<'f32'> {
  return { kind: 'const', type: 'f32', bytes: bytesOf(4, (view) => view.setUint32(0, bits, true)) };
}

/** `f64.const`; NaN is the canonical one. */
export function f64Const(value: number): Constant<'f64'> {
  if (Number.isNaN(value)) return f64ConstOfBits(0x7ff8000000000000n);
  return {
    kind: 'const',
    type: 'f64',
    bytes: bytesOf(8, (view) => view.setFloat64(0, value, true)),
  };
}

/** `f64.const` of these 64 bits. */
export function f64ConstOfBits(bits: bigint): Constant<'f64'> {
  const bytes = bytesOf(8, (view) => view.setBigUint64(0, bits, true));
  return { kind: 'const', type: 'f64', bytes };
}

/** `v128.const` of 16 bytes, the lowest lane first. */
export function v128Const(lanes: Uint8Array | readonly number[]): Constant<'v128'> {
  if (lanes.length !== 16) {
    throw new CompilerError('E_INTERNAL', `v128.const takes 16 bytes, not ${lanes.length}.`);
  }
  return { kind: 'const', type: 'v128', bytes: [...Uint8Array.from(lanes)] };
}

function bytesOf(length: number, write: (view: DataView) => void): Bytes {
  const view = new DataView(new ArrayBuffer(length));
  write(view);
  return [...new Uint8Array(view.buffer)];
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signed, unsigned } from '../src/assembler/bytes.js';
import {
  type Expr,
  encodeModule,
  f32Const,
  f32ConstOfBits,
  f64Const,
  f64ConstOfBits,
  func,
  i32Const,
  i64Const,
  op,
  returns,
} from '../src/index.js';

describe('LEB128', () => {
  it('of unsigned integers reads back, in the fewest bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const bytes = unsigned(value);
        const read = bytes.reduceRight((rest, byte) => rest * 0x80 + (byte & 0x7f), 0);
        expect(read).toBe(value);
        expect(bytes).toHaveLength(Math.max(1, Math.ceil(value.toString(2).length / 7)));
      }),
    );
  });

  it('of signed integers reads back, with no byte that says nothing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const bytes = signed(value);
        const digits = bytes.reduceRight((rest, byte) => (rest << 7n) | BigInt(byte & 0x7f), 0n);
        expect(BigInt.asIntN(7 * bytes.length, digits)).toBe(value);
        expect(bytes.map((byte) => byte > 0x7f)).toEqual(bytes.map((_, i) => i < bytes.length - 1));
        const shorter = 7n * BigInt(bytes.length - 1);
        if (shorter > 0n) expect(BigInt.asIntN(Number(shorter), value)).not.toBe(value);
      }),
    );
  });

  it('has the bytes of the examples in the DWARF standard', () => {
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signed(-123456n)).toEqual([0xc0, 0xbb, 0x78]);
    expect([63n, 64n, -64n, -65n].map(signed)).toEqual([[0x3f], [0xc0, 0], [0x40], [0xbf, 0x7f]]);
  });

  it('refuses what is no unsigned 32-bit integer', () => {
    for (const value of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => unsigned(value)).toThrow();
  });
});

describe('constants run as they are written', () => {
  it('i32 and i64, signed and unsigned', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), (value) => {
        expect(evaluate('i32', i32Const(value))).toBe(value | 0);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        expect(evaluate('i64', i64Const(value))).toBe(BigInt.asIntN(64, value));
      }),
    );
  });

  it('f32 and f64, to the bit', () => {
    fc.assert(
      fc.property(fc.float(), fc.double(), (single, double) => {
        expect(evaluate('f32', f32Const(single))).toBe(single);
        expect(evaluate('f64', f64Const(double))).toBe(double);
      }),
    );
    const f32Bits = (value: ReturnType<typeof f32Const>) => op('i32.reinterpret_f32', value);
    expect(evaluate('i32', f32Bits(f32Const(-0)))).toBe(-(2 ** 31));
    expect(evaluate('i32', f32Bits(f32Const(Number.NaN)))).toBe(0x7fc00000);
    expect(evaluate('i32', f32Bits(f32ConstOfBits(0xff800001)))).toBe(0xff800001 | 0);
    const f64Bits = op('i64.reinterpret_f64', f64ConstOfBits(0x7ff0000000000001n));
    expect(evaluate('i64', f64Bits)).toBe(0x7ff0000000000001n);
  });

  it('refuses integers out of range', () => {
    expect(() => i32Const(2 ** 32)).toThrow('not a 32-bit integer');
    expect(() => i32Const(1.5)).toThrow('not a 32-bit integer');
    expect(() => i64Const(2n ** 64n)).toThrow('not a 64-bit integer');
  });
});

function evaluate(type: 'i32' | 'i64' | 'f32' | 'f64', value: Expr) {
  const f = func({ name: 'f', results: [type], body: [returns(value)] });
  const module = new WebAssembly.Module(encodeModule({ functions: [f], exports: { f } }));
  const { f: run } = new WebAssembly.Instance(module).exports;
  if (typeof run !== 'function') throw new Error('The module exports no function.');
  return run();
}

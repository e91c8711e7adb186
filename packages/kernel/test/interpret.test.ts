import { numberToFloat16, type TypedArray } from '@whittle/ir';
import { describe, expect, it } from 'vitest';
import { erf, interpretProgram, parseKernel, parseProgram, runKernel } from '../src/index.js';

/** Stores the expressions one after another to `y` and gives what lies there. */
function evaluate<A extends TypedArray>(type: string, exprs: readonly string[], y: A): A {
  const stores = exprs.map((expr, i) => `y[${i}] = ${expr};`).join('\n');
  runKernel(parseKernel(`kernel k(y: ${type} write arena) { ${stores} }`), [{ data: y }]);
  return y;
}

describe('integers', () => {
  it('wrap at their width', () => {
    const exprs = ['100i8 + 100i8', 'neg(-128i8)', '64i8 * 4i8 - 1i8', 'i8(300i32)', '1i8 << 9i8'];
    expect(evaluate('i8', exprs, new Int8Array(5))).toEqual(Int8Array.of(-56, -128, -1, 44, 0));
    const wide = ['9223372036854775807i64 + 1i64', 'i64(-1i32)', 'i64(18446744073709551615u64)'];
    expect(evaluate('i64', wide, new BigInt64Array(3))).toEqual(
      BigInt64Array.of(-(2n ** 63n), -1n, -1n),
    );
    const unsigned = ['2147483647u32 * 2147483647u32', '0u32 - 1u32', 'bitnot(0u32)', 'abs(7u32)'];
    expect(evaluate('u32', unsigned, new Uint32Array(4))).toEqual(
      Uint32Array.of(1, 2 ** 32 - 1, 2 ** 32 - 1, 7),
    );
  });

  it('divide toward zero or down, and by zero to 0', () => {
    const exprs = ['-7i32 / 2i32', '-7i32 % 2i32', '-7i32 floordiv 2i32', '-7i32 floormod 2i32'];
    const zero = ['7i32 / 0i32', '7i32 % 0i32', '7i32 floordiv 0i32', '7i32 floormod 0i32'];
    const edge = ['-2147483648i32 / -1i32', 'pow(3i32, 21i32)', 'pow(2i32, -1i32)'];
    expect(evaluate('i32', [...exprs, ...zero, ...edge], new Int32Array(11))).toEqual(
      Int32Array.of(-3, -1, -4, 1, 0, 0, 0, 0, -(2 ** 31), 10460353203 | 0, 0),
    );
  });

  it('come from floats clamped to 32 or 64 bits, then wrapped; NaN gives 0', () => {
    expect(
      evaluate('i32', ['i32(3e9)', 'i32(-2.9)', 'i32(nan)', 'i32(-inf)'], new Int32Array(4)),
    ).toEqual(Int32Array.of(2 ** 31 - 1, -2, 0, -(2 ** 31)));
    expect(evaluate('u8', ['u8(257.5)', 'u8(-1.0)', 'u8(1e20)'], new Uint8Array(3))).toEqual(
      Uint8Array.of(1, 255, 255),
    );
    expect(evaluate('u64', ['u64(-1.0)', 'u64(inf)', 'u64(nan)'], new BigUint64Array(3))).toEqual(
      BigUint64Array.of(0n, 2n ** 64n - 1n, 0n),
    );
  });
});

describe('floats', () => {
  it('round half to even, keep NaN in min and max, and keep -0', () => {
    const exprs = ['round(2.5)', 'round(-3.5)', 'round(-0.5)', 'min(nan, 1.0)', 'max(1.0, nan)'];
    expect(
      evaluate('f32', [...exprs, 'max(-0.0, 0.0)', '-5.5 % 2.0'], new Float32Array(7)),
    ).toEqual(Float32Array.of(2, -4, -0, Number.NaN, Number.NaN, 0, -1.5));
  });

  it('are rounded to float32 at a cast and at a store, and not before', () => {
    const exprs = ['f64(1e8 + 1.0)', 'f64(f32(1e8 + 1.0))', 'f64(f32(16777217i32))'];
    expect(evaluate('f64', exprs, new Float64Array(3))).toEqual(
      Float64Array.of(100000001, 100000000, 16777216),
    );
  });

  it('of 16 bits are rounded once and arrive as float32', () => {
    const kernel = parseKernel(
      'kernel k(x: f16 read arena, y: f16 write arena) { y[0] = x[0] * 3.0; y[1] = 65520.0; }',
    );
    const y = new Uint16Array(2);
    runKernel(kernel, [{ data: Uint16Array.of(numberToFloat16(1.5)) }, { data: y }]);
    expect(y).toEqual(Uint16Array.of(numberToFloat16(4.5), 0x7c00));
  });

  it('have an error function of full float32 precision', () => {
    // From mpmath, rounded to double.
    const expected: readonly (readonly [number, number])[] = [
      [1e-7, 1.1283791670955088e-7],
      [0.1, 0.1124629160182849],
      [0.5, 0.5204998778130465],
      [0.999, 0.8422852702064969],
      [1.001, 0.8431154854780764],
      [1.5, 0.9661051464753108],
      [2.5, 0.999593047982555],
      [4, 0.9999999845827421],
      [7, 1],
    ];
    for (const [x, value] of expected) {
      expect(Math.abs(erf(x) / value - 1)).toBeLessThan(1e-8);
      expect(erf(-x)).toBe(-erf(x));
    }
    expect([erf(-0), erf(Infinity), erf(Number.NaN)]).toEqual([-0, 1, Number.NaN]);
  });
});

describe('memory', () => {
  const kernel = parseKernel(`kernel shift(x: f32 read arena, y: f32 write arena) {
    for i in 0..3 {
      y[i] = x[i - 1];
    }
  }`);

  it('is reached by indices that count from the offset of the argument', () => {
    const y = new Float32Array(4);
    runKernel(kernel, [
      { data: Float32Array.of(1, 2, 3), offset: 1 },
      { data: y, offset: 1 },
    ]);
    expect(y).toEqual(Float32Array.of(0, 1, 2, 3));
  });

  it('ends where the buffer ends', () => {
    const x = { data: Float32Array.of(1, 2, 3) };
    expect(() => runKernel(kernel, [x, { data: new Float32Array(3) }])).toThrow(
      'Kernel "shift": the load of x[-1] is outside of its buffer',
    );
    expect(() => runKernel(kernel, [{ ...x, offset: 1 }, { data: new Float32Array(2) }])).toThrow(
      'the store of y[2]',
    );
    expect(() => runKernel(kernel, [{ ...x, offset: 1 }, { data: new Int32Array(3) }])).toThrow(
      'the argument for y is no array of float32',
    );
  });

  it('is out of bounds in a branch that a select does not take, too', () => {
    const select = parseKernel(`kernel s(y: f32 write arena) {
      for i in 0..3 { y[i] = select(i > 0, y[i - 1], 0.0); }
    }`);
    expect(() => runKernel(select, [{ data: new Float32Array(3) }])).toThrow('the load of y[-1]');
  });
});

describe('a program', () => {
  const program = parseProgram(`program "p" {
    arena 192 bytes, at least 128
    constants 0 bytes = ""
    buffer %a: f32[2] arena+0 live -1..0
    buffer %b: f32[2] arena+64 live 0..1
    buffer %c: f32[2] arena+128 live 1..1
    input "__proto__": f32[2] = %a+0 strides [1]
    output "then": f32[2] = %b+0 strides [1]
    output "never written": f32[2] = %c+0 strides [1]
    kernel double(x: f32 read arena, y: f32 write arena) {
      for i in 0..2 { y[i] = x[i] * 2.0; }
    }
    step double(%a+0, %b+0) macs 0 @""
  }`);

  it('runs its steps, and shows what nothing has written as NaN', () => {
    const x = { dtype: 'float32', dims: [2], data: Float32Array.of(1, 2) } as const;
    const feeds = Object.fromEntries([['__proto__', x]]);
    const results = interpretProgram(program, feeds);
    expect(Object.getPrototypeOf(results)).toBeNull();
    expect(results.then?.data).toEqual(Float32Array.of(2, 4));
    expect(results['never written']?.data).toEqual(Float32Array.of(Number.NaN, Number.NaN));
  });

  it('says which feed does not fit', () => {
    expect(() => interpretProgram(program, {})).toThrow(
      'Input "__proto__" takes float32[2], not nothing.',
    );
  });
});

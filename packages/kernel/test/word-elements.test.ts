/** Kernels over memory of words: what stands for each load, store, literal and cast, and what it gives. */

import type { TypedArray } from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  interpretProgram,
  type Param,
  parseKernel,
  printKernel,
  verifyKernel,
  verifyProgram,
} from '../src/index.js';
import { halfFormats } from '../src/interpret/memory.js';
import { inHalves } from '../src/lower/half-elements.js';
import { inWords } from '../src/lower/word-elements.js';
import { vectorize } from '../src/optimize/vectorize.js';
import { chooseFrom, onGrid, randomGridProgram, randomProgram } from './random-program.js';

const grid = { workgroupSize: 64, sharedBytes: 16384, busyThreads: 512, alignment: 256 };

const before = `kernel k(a: i8 read arena, b: bool read arena, c: i64 read constants, h: f16 read prepared, w: u8 read constants, y: i64 write arena, z: f16 write arena, t: bool write arena) {
  local n: i64 = 9223372036854775807i64;
  n = min(n, i64(h[0]) + c[2]);
  y[0] = n;
  y[1] = i64(a[3] * a[4]);
  if b[1] {
    z[0] = h[1];
    z[1] = h[1] * 2.0;
    z[2] = f32(f16(h[1]));
    z[3] = 0.1;
  }
  t[0] = a[0] < i8(w[0]);
  t[1] = b[index(c[0])];
}
`;

const after = `kernel k(a: i32 read arena, b: u32 read arena, c: i64 read constants, h: f32 read prepared, w: u8 read constants, y: i32 write arena, z: f32 write arena, t: u32 write arena) {
  local n: i32 = 2147483647i32;
  n = min(n, i32(h[0]) + i32(c[2]));
  y[0] = n;
  y[1] = i32(i8(a[3]) * i8(a[4]));
  if b[1] != 0u32 {
    z[0] = h[1];
    z[1] = f32(f16(h[1] * 2.0));
    z[2] = f32(f16(h[1]));
    z[3] = 0.0999755859375;
  }
  t[0] = u32(i8(a[0]) < i8(w[0]));
  t[1] = u32(b[index(i32(c[0]))] != 0u32);
}
`;

const inTwoBytes = `kernel k(a: i32 read arena, f: f16 read arena, b: bf16 read constants, h: f16 read constants, w: f16 read constants, y: f16 write arena, z: f16 write arena, t: f32 write arena) {
  for i in 0..8 lanes 4 {
    y[i] = f[i] * w[i] + h[i];
  }
  y[8] = f32(a[0]) * b[1];
  z[0] = h[1] * 2.0;
  z[1] = 0.0999755859375;
  z[2] = -inf;
  t[0] = f32(bf16(f[0]));
}
`;

describe('in halves', () => {
  it('floats lie that are computed as ever, and bfloat16 has a word', () => {
    const written = parseKernel(`kernel k(a: i32 read arena, f: f32 read arena,
      b: bf16 read constants, h: f16 read constants, w: f32 read constants,
      y: f32 write arena, z: f16 write arena, t: bf16 write arena) {
      for i in 0..8 { y[i] = f[i] * w[i] + h[i]; }
      y[8] = f32(a[0]) * b[1];
      z[0] = h[1] * 2.0;
      z[1] = 0.1;
      z[2] = -1000000000.0;
      t[0] = f[0];
    }`);
    const kernel = inHalves(vectorize(inWords(written, { halves: true }), 4), written);
    expect(printKernel(kernel)).toBe(inTwoBytes);
    verifyKernel(kernel);
  });

  it('no lanes are loaded before all passes are through', () => {
    const text =
      'kernel k(h: f16 read constants, y: f32 write arena) { for i in 0..8 { y[i] = h[i]; } }';
    expect(printKernel(vectorize(parseKernel(text), 4))).not.toContain('lanes');
  });
});

describe('in words', () => {
  it('elements of the arena and of what is prepared lie, and those of constants not', () => {
    const kernel = inWords(parseKernel(before));
    expect(printKernel(kernel)).toBe(after);
    verifyKernel(kernel);
  });

  it.each([
    'kernel k(x: f64 read arena, y: f32 write arena) { y[0] = f32(x[0]); }',
    'kernel k(x: f64 read constants, y: f32 write arena) { y[0] = f32(x[0]); }',
  ])('memory of float64 is refused by its name: %s', (text) => {
    expect(() => inWords(parseKernel(text))).toThrow(
      'What the kernel "k" computes is of float64, which this target lacks.',
    );
  });

  it('float64 between narrower types is float32', () => {
    const words = inWords(
      parseKernel(
        'kernel k(x: i32 read arena, y: i32 write arena) { y[0] = i32(f64(x[0]) * 0.1f64); }',
      ),
    );
    expect(printKernel(words)).toContain(`y[0] = i32(f32(x[0]) * ${Math.fround(0.1)});`);
  });

  it('every kernel without float64 is still valid', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        verifyProgram(randomGridProgram(chooseFrom(g), grid).program);
      }),
      { numRuns: 300 },
    );
  });

  it('a kernel of at most 32 bits gives the same results', () => {
    const instead = { float64: 'float32', int64: 'int32', uint64: 'uint32' } as const;
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { program, feeds } = randomProgram(chooseFrom(g), { instead, alignment: 256 });
        const expected = interpretProgram(program, feeds);
        const results = interpretProgram(onGrid(program, grid), feeds);
        for (const [name, { dtype, data }] of Object.entries(expected)) {
          expect(results[name]?.dtype).toBe(dtype);
          expect(numbers(dtype, results[name]?.data)).toEqual(numbers(dtype, data));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Of 16-bit floats their values: of what is no number, words keep not the bits. */
function numbers(dtype: Param['dtype'], data: TypedArray | undefined): number[] {
  const plain = Array.from(data ?? [], Number);
  return dtype === 'float16' || dtype === 'bfloat16' ? plain.map(halfFormats[dtype].decode) : plain;
}

import { describe, expect, it } from 'vitest';
import { laneTypesOf, parseKernel } from '../src/index.js';
import type { LaneOptions } from '../src/lanes.js';

const params =
  'x: f32 read arena, i32s: i32 write arena, d: f64 read arena, y: f32 write arena, bytes: u8 write arena';

/** Of the first loop. */
function laneTypes(body: string, options: LaneOptions = {}) {
  const kernel = parseKernel(`kernel k(${params}) { ${body} }`);
  const loop = kernel.body.find((stmt) => stmt.kind === 'for') ?? expect.fail('no loop');
  return laneTypesOf(loop, kernel.params, options);
}

describe('what differs from lane to lane', () => {
  it('is found in names, ramps counted in elements', () => {
    const types = laneTypes(`for i in 0..8 {
      let p = i * 3 - 1;
      let q = 7 - p;
      let same = x[5] + f32(d[2]);
      let a = x[p];
      local sum: f32 = same;
      sum = sum + a;
      y[q + 40] = sum;
    }`);
    expect(types).toMatchObject({
      varying: new Set(['a', 'sum']),
      ramps: new Map(Object.entries({ i: 1, p: 3, q: -3 })),
    });
  });

  it('is found in what an inner loop hands to its next turn', () => {
    const types = laneTypes(`for i in 0..8 {
      local late: f32 = 0.0;
      for j in 0..3 {
        let early = late;
        late = x[i];
        y[i + j * 8] = early;
      }
    }`);
    expect(types).toMatchObject({ varying: new Set(['late', 'early']) });
  });

  it('may be gathered by one op', () => {
    const body = 'local s: f32 = 0.0; for i in 0..8 { s = x[i] + s; s = s + 1.0; }';
    expect(laneTypes(body)).toMatchObject({ varying: new Set() });
  });
});

describe('a loop cannot run in lanes', () => {
  it.each([
    ['for i in 0..8 step 2 { y[i] = 1.0; }', 'its step is not 1'],
    ['for i in 0..8 { for j in 0..4 lanes 4 { y[i + j] = 1.0; } }', 'another loop in lanes'],
    ['for i in 0..8 { for j in i..9 { y[i] = x[j]; } }', 'where a loop begins differs'],
    ['for i in 0..8 { for j in 0..i { y[i] = x[j]; } }', 'where a loop ends differs'],
    ['for i in 0..8 { if i < 3 { y[i] = 1.0; } }', 'a position is used as a number'],
    ['for i in 0..8 { if x[i] < 3.0 { y[i] = 1.0; } }', 'a condition differs'],
    ['for i in 0..8 { y[i] = x[i * i]; }', 'an index does not grow evenly'],
    ['for i in 0..8 { y[i] = x[i floordiv 2]; }', 'an index does not grow evenly'],
    ['for i in 0..8 { y[i] = x[index(i32s[i])]; }', 'an index does not grow evenly'],
    ['for i in 0..8 { y[4] = x[i]; }', 'all lanes store to one element of "y"'],
    ['for i in 0..8 { y[i] = f32(i); }', 'a position is used as a number'],
    ['for i in 0..8 { y[i] = f32(d[i]); }', '"d" is of float64'],
    ['for i in 0..8 { y[i] = f32(f64(x[i])); }', 'a cast is of float64'],
    ['for i in 0..8 { i32s[i] = i32s[i] >> 2i32; }', 'shr is of integers'],
    ['for i in 0..8 { i32s[i] = 2i32 << i32s[i]; }', 'shl is by a number that is not known'],
    ['for i in 0..8 { i32s[i] = i32(bytes[i]); }', '"bytes" is of uint8'],
    ['for i in 0..8 { bytes[i] = u8(i32s[i]); }', '"bytes" is of uint8'],
    ['for i in 0..8 { local n: index = 0; n = n + i; y[i] = 1.0; }', 'an index that changes'],
    ['local p: f64 = 0.0f64; for i in 0..8 { p = p + d[3]; }', '"p" is of float64'],
    ['local p: f32 = 0.0; for i in 0..8 { p = x[i]; }', '"p" is kept from turn to turn'],
    ['local p: f32 = 0.0; for i in 0..8 { p = p - x[i]; }', '"p" is kept from turn to turn'],
    ['local p: f32 = 0.0; for i in 0..8 { p = p + x[i]; p = p * 2.0; }', '"p" has two ops'],
    ['local p: f32 = 0.0; for i in 0..8 { p = p + x[i] * p; }', '"p" is read in the loop'],
    ['local p: f32 = 0.0; for i in 0..8 { p = p + x[i]; y[i] = p; }', '"p" is read in the loop'],
  ])('%s', (body, reason) => {
    expect(laneTypes(body)).toContain(reason);
  });
});

describe('lanes of bytes', () => {
  const narrow = { narrow: true };

  it('are int32 between a load and a store', () => {
    const body = `for i in 0..8 {
      let a = i32(bytes[i]) - 3i32;
      bytes[i + 8] = u8(a << 1i32);
    }`;
    expect(laneTypes(body, narrow)).toMatchObject({ varying: new Set(['a']) });
  });

  it.each([
    ['for i in 0..8 { i32s[i] = i32(bytes[i * 2]); }', 'elements of "bytes" lie apart'],
    ['for i in 0..8 { bytes[i * 2] = u8(i32s[i]); }', 'elements of "bytes" are stored apart'],
    ['for i in 0..8 { bytes[i] = u8(x[i]); }', '"bytes" is of uint8'],
    ['for i in 0..8 { y[i] = f32(bytes[i]); }', '"bytes" is of uint8'],
  ])('cannot be: %s', (body, reason) => {
    expect(laneTypes(body, narrow)).toContain(reason);
  });
});

/** Which loops are written as one call on a typed array. */

import { FreshNames } from '@whittle/emit';
import { parseKernel } from '@whittle/kernel';
import { expect, test } from 'vitest';
import { printKernel } from '../src/print-kernel.js';

const params = 'x: f32 read arena, y: f32 write arena, h: f16 read arena, b: bool write arena';

function bodyOf(loop: string): string {
  const kernel = parseKernel(`kernel k(${params}) { ${loop} }`);
  return printKernel(kernel, 'k', new FreshNames([]), (helper) => helper).body.trim();
}

test.each([
  ['for i in 0..32 { y[i] = x[i]; }', 'f32.copyWithin(y, x, x + 32);'],
  ['for i in 0..64 { y[i + 3] = x[i + 5]; }', 'f32.copyWithin(y + 3, x + 5, x + 69);'],
  ['for i in 0..40 { y[i + 8] = -0.0; }', 'f32.fill(-0, y + 8, y + 48);'],
  ['for i in 0..40 { b[i] = true; }', 'u8.fill(true ? 1 : 0, b, b + 40);'],
])('%s is one call', (loop, call) => {
  expect(bodyOf(loop)).toBe(call);
});

test.each([
  ['it is short', 'for i in 0..31 { y[i] = x[i]; }'],
  ['it skips elements', 'for i in 0..64 step 2 { y[i] = x[i]; }'],
  ['it begins elsewhere', 'for i in 1..64 { y[i] = x[i]; }'],
  ['it spreads what it writes', 'for i in 0..64 { y[i * 2] = x[i]; }'],
  ['it gathers what it reads', 'for i in 0..64 { y[i] = x[i * 2]; }'],
  ['it repeats one element', 'for i in 0..64 { y[i] = x[7]; }'],
  ['it computes', 'for i in 0..64 { y[i] = neg(x[i]); }'],
  ['it reads another dtype', 'for i in 0..64 { y[i] = h[i]; }'],
  ['it reads what it has written', 'for i in 0..64 { y[i + 1] = y[i]; }'],
  ['it does more', 'for i in 0..64 { y[i] = x[i]; b[i] = true; }'],
])('a loop stays where %s', (_, loop) => {
  expect(bodyOf(loop)).toMatch(/^for /);
});

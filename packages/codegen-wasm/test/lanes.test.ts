/** Loops in lanes as schedules write them: over elements that lie apart, sums, masks, conversions. */

import { typedArrayOf } from '@whittle/ir';
import { interpretProgram, parseProgram, type TensorData, verifyProgram } from '@whittle/kernel';
import { expect, it } from 'vitest';
import { instantiateProgram } from './run-program.js';

const buffers = ['f', 'x', 'n', 'u'] as const;
const types = { f: 'f32', x: 'f32', n: 'i32', u: 'u32' };
const text = (body: string): string => `program "lanes" {
  arena 1024 bytes, at least 1024
  constants 0 bytes = ""
  ${buffers.map((name, i) => `buffer %${name}: ${types[name]}[64] arena+${i * 256} live -1..1`).join('\n')}
  ${buffers.map((name) => `input "${name}": ${types[name]}[64] = %${name}+0 strides [1]`).join('\n')}
  ${buffers.map((name) => `output "${name}": ${types[name]}[64] = %${name}+0 strides [1]`).join('\n')}
  kernel k(${buffers.map((name) => `${name}: ${types[name]} write arena`).join(', ')}) { ${body} }
  step k(%f+0, %x+0, %n+0, %u+0) macs 0 @""
}`;

const feeds: Readonly<Record<(typeof buffers)[number], TensorData>> = {
  f: { dtype: 'float32', dims: [64], data: new Float32Array(64) },
  x: { dtype: 'float32', dims: [64], data: Float32Array.from({ length: 64 }, (_, i) => i / 2 - 9) },
  n: { dtype: 'int32', dims: [64], data: Int32Array.from({ length: 64 }, (_, i) => i * 7 - 99) },
  u: {
    dtype: 'uint32',
    dims: [64],
    data: Uint32Array.from({ length: 64 }, (_, i) => i * 0x9e3779b1),
  },
};

it.each([
  ['apart', 'f[i * 3] = x[i * 2 + 1];'],
  ['backwards', 'f[15 - i] = x[40 - i * 2];'],
  ['apart by a row, at the end of the buffers', 'f[i * 9] = x[i * 8 + 7]; n[i * 5 + 28] = n[i];'],
  ['in rows', 'for j in 0..3 { f[j * 16 + i] = x[i * 3 + j] * x[j]; }'],
  ['the same for all', 'let a = x[3]; f[i] = a + x[i]; f[i + 16] = a; n[i] = i32(a);'],
  ['sums of integers', 'n[i + 32] = n[i] - n[3]; s = s + n[i * 2];', 'local s: i32 = 5i32;'],
  ['products of what is the same', 'p = p * x[24];', 'local p: f32 = 2.0;'],
  ['the largest', 'p = max(x[8 - i], p);', 'local p: f32 = -100.0;'],
  ['masks', 'let b = x[i] < 0.0 or n[i] == 6i32; f[i] = select(not(b), x[i], f32(b) + 3.0);'],
  [
    'masks of bools',
    'local b: bool = u[i] > u[i + 1]; b = b xor true; n[i] = i32(b == (x[i] > 1.0));',
  ],
  [
    'masks from numbers',
    'n[i] = select(bool(x[i + 11]), 1i32, 2i32); f[i] = select(bool(n[19]), x[i], 0.5);',
  ],
  [
    'unsigned',
    'u[i + 32] = min(u[i], 9u32) + max(u[i + 8], u[i + 16]) * abs(u[i]); n[i] = i32(u[i] < u[3]);',
  ],
  [
    'conversions',
    'f[i] = f32(u[i]); f[i + 8] = f32(n[i]); n[i] = i32(x[i] * 4e9); u[i] = u32(x[i] * 3e8);',
  ],
  [
    'rounding',
    'f[i] = round(x[i]) + floor(x[i]); f[i + 16] = ceil(x[i]) * trunc(x[i]); f[i + 32] = sign(x[i + 12]);',
  ],
  ['bits', 'n[i] = bitnot(n[i]) & n[i + 8] | n[i + 16]; n[i + 32] = neg(n[i + 8]) ^ abs(n[i]);'],
])('%s', (_, body, before = '') => {
  const after = before === '' ? '' : before.includes('i32') ? 'n[63] = s;' : 'f[63] = p;';
  const program = parseProgram(text(`${before} for i in 0..8 lanes 4 { ${body} } ${after}`));
  verifyProgram(program);
  const { run, bytesOf } = instantiateProgram(program);
  const bytes = program.inputs.map((port) => bytesOf(port, 256));
  for (const [i, name] of buffers.entries()) {
    bytes[i]?.set(new Uint8Array(feeds[name].data.buffer));
  }
  run();
  const expected = interpretProgram(program, feeds);
  for (const [i, name] of buffers.entries()) {
    const { dtype, dims } = feeds[name];
    const result = typedArrayOf({ dtype, dims, bytes: bytes[i]?.slice() ?? expect.fail() });
    expect(result, name).toEqual(expected[name]?.data);
  }
});

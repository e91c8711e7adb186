import { parseProgram } from '@whittle/kernel';
import { expect, it } from 'vitest';
import { gpuTraffic } from '../src/index.js';

const program = (steps: string) =>
  parseProgram(`
program "traffic" {
  arena 512 bytes, at least 512
  constants 64 bytes = "${'A'.repeat(86)}=="
  prepared 64 bytes
  buffer %x: f32[8] arena+0 live -1..3
  buffer %y: f32[4] arena+256 live 0..3
  buffer %w: f16[4] constants+0 live -1..3
  buffer %u: f32[4] prepared+0 live -1..3
  input "x": f32[8] = %x+0 strides [1]
  output "y": f32[4] = %y+0 strides [1]
  kernel double(w: f16 read constants, u: f32 write prepared) {
    for i in 0..4 {
      u[i] = w[i] * 2.0;
    }
  }
  kernel sum(a: f32 read arena, b: f32 read arena, w: f16 read constants, y: f32 write arena) {
    for i in 0..4 {
      y[i] = a[i] * w[i] + b[i];
    }
  }
  kernel scale(u: f32 read prepared, y: f32 write arena) {
    for i in 0..4 {
      y[i] = y[i] * u[i];
    }
  }
  kernel fill(x: f32 read arena, y: f32 write arena) {
    for i in 0..4 {
      y[i] = 1.0;
    }
  }
  setup double(%w+0, %u+0) macs 0 @"Mul"
  ${steps}
}`);

const [x, y, w, u] = [8 * 4, 4 * 4, 4 * 2, 4 * 4];

it('counts a buffer that a step reads in two places once, and weights as they are packed', () => {
  expect(gpuTraffic(program('step sum(%x+0, %x+4, %w+0, %y+0) macs 4 @"Mul"'))).toEqual({
    bytes: x + w + y,
    readBytes: x + w,
    writtenBytes: y,
    weightBytes: w,
    bytesWithoutWeights: x + y,
  });
});

it('counts what a step reads and writes both ways, and what the setup prepared as weights', () => {
  expect(gpuTraffic(program('step scale(%u+0, %y+0) macs 0 @"Mul"'))).toMatchObject({
    readBytes: u + y,
    writtenBytes: y,
    weightBytes: u,
  });
});

it('counts nothing of a buffer that a step does not touch, and nothing of the setup', () => {
  expect(gpuTraffic(program('step fill(%x+0, %y+0) macs 0 @"Fill"'))).toMatchObject({
    readBytes: 0,
    writtenBytes: y,
  });
});

it('counts each step anew', () => {
  const step = 'step scale(%u+0, %y+0) macs 0 @"Mul"';
  const once = gpuTraffic(program(step));
  expect(gpuTraffic(program(`${step}\n  ${step}`)).bytes).toBe(2 * once.bytes);
});

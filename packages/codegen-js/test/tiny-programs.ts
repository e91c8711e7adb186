/** Small programs in the text form. */

import { launchesIn, type Program, parseProgram } from '@whittle/kernel';

/** y = x · w + 1 over 4 elements, with w = [1, 2, 3, 4]. */
export const scale: Program = parseProgram(`
program "scale" {
  arena 128 bytes, at least 128
  constants 64 bytes = "AACAPwAAAEAAAEBAAACAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
  buffer %x: f32[4] arena+0 live -1..0
  buffer %y: f32[4] arena+64 live 0..1
  buffer %w: f32[4] constants+0 live 0..0
  input "x": f32[1,4] = %x+0 strides [4,1]
  output "y": f32[1,4] = %y+0 strides [4,1]
  kernel scale(x: f32 read arena, w: f32 read constants, y: f32 write arena) {
    for i in 0..4 {
      y[i] = x[i] * w[i] + 1.0;
    }
  }
  step scale(%x+0, %w+0, %y+0) macs 4 @"Mul"
}`);

/** The same, with the weights doubled by the setup from half of what they are in `scale`. */
export const prepared: Program = parseProgram(`
program "prepared" {
  arena 128 bytes, at least 128
  constants 64 bytes = "AAAAPwAAgD8AAMA/AAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
  prepared 64 bytes
  buffer %x: f32[4] arena+0 live -1..0
  buffer %y: f32[4] arena+64 live 0..1
  buffer %w: f32[4] constants+0 live -1..1
  buffer %u: f32[4] prepared+0 live -1..1
  input "x": f32[1,4] = %x+0 strides [4,1]
  output "y": f32[1,4] = %y+0 strides [4,1]
  kernel double(w: f32 read constants, u: f32 write prepared) {
    for i in 0..4 {
      u[i] = w[i] * 2.0;
    }
  }
  kernel scale(x: f32 read arena, u: f32 read prepared, y: f32 write arena) {
    for j in 0..4 {
      y[j] = x[j] * u[j] + 1.0;
    }
  }
  setup double(%w+0, %u+0) macs 0 @"Mul"
  step scale(%x+0, %u+0, %y+0) macs 4 @"Mul"
}`);

/** A 1x1 convolution of 6 pixels from 2 to 4 channels in a tile of 2 by 2, then a relu6 in place. */
export const pointwise: Program = parseProgram(`
program "pointwise" {
  arena 192 bytes, at least 192
  constants 64 bytes = "AACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
  buffer %x: f32[12] arena+0 live -1..0
  buffer %y: f32[24] arena+64 live 0..2
  buffer %w: f32[8] constants+0 live 0..0
  input "x": f32[1,3,2,2] = %x+0 strides [12,4,2,1]
  output "y": f32[1,6,4] = %y+0 strides [24,4,1]
  kernel conv(x: f32 read arena, w: f32 read constants, y: f32 write arena) {
    for d in 0..6 step 2 {
      for o in 0..4 step 2 {
        local s00: f32 = 0.0;
        local s01: f32 = 0.0;
        local s10: f32 = 0.0;
        local s11: f32 = 0.0;
        for k in 0..2 {
          let b0 = w[o * 2 + k * 2];
          let b1 = w[o * 2 + k * 2 + 1];
          let a0 = x[d * 2 + k];
          s00 = s00 + a0 * b0;
          s01 = s01 + a0 * b1;
          let a1 = x[d * 2 + k + 2];
          s10 = s10 + a1 * b0;
          s11 = s11 + a1 * b1;
        }
        y[d * 4 + o] = s00;
        y[d * 4 + o + 1] = s01;
        y[d * 4 + o + 4] = s10;
        y[d * 4 + o + 5] = s11;
      }
    }
  }
  kernel relu6(x: f32 read arena, y: f32 write arena) {
    for i in 0..24 {
      y[i] = min(max(x[i], 0.0), 6.0);
    }
  }
  step conv(%x+0, %w+0, %y+0) macs 48 @"Conv"
  step relu6(%y+0, %y+0) macs 0 @"Clip"
}`);

/** One element of each kind that is no plain float. */
export const kinds: Program = parseProgram(`
program "kinds" {
  arena 448 bytes, at least 448
  constants 0 bytes = ""
  buffer %wide: i64[3] arena+0 live -1..1
  buffer %half: f16[3] arena+64 live -1..1
  buffer %bytes: u8[3] arena+128 live -1..1
  buffer %flags: bool[3] arena+192 live 0..1
  buffer %sums: i64[3] arena+256 live 0..1
  buffer %halves: f16[3] arena+320 live 0..1
  input "wide": i64[3] = %wide+0 strides [1]
  input "half": f16[3] = %half+0 strides [1]
  input "bytes": u8[3] = %bytes+0 strides [1]
  output "flags": bool[3] = %flags+0 strides [1]
  output "sums": i64[3] = %sums+0 strides [1]
  output "halves": f16[3] = %halves+0 strides [1]
  kernel mix(a: i64 read arena, h: f16 read arena, b: u8 read arena, f: bool write arena, s: i64 write arena, g: f16 write arena) {
    for i in 0..3 {
      let n = b[i];
      f[i] = a[i] < i64(n) or n + 250u8 == 2u8;
      s[i] = a[i] floordiv 3i64 + i64(n) * a[i];
      g[i] = erf(round(h[i] * 3.0)) / 3.0;
    }
  }
  step mix(%wide+0, %half+0, %bytes+0, %flags+0, %sums+0, %halves+0) macs 0 @"Mix"
}`);

/** The program with one name for all that has one. */
export function renamed(program: Program, name: string): Program {
  const port = <P extends { readonly name: string }>(p: P): P => ({ ...p, name });
  return {
    ...program,
    name,
    inputs: program.inputs.map(port),
    outputs: program.outputs.map(port),
    kernels: program.kernels.map((kernel) => ({ ...kernel, name })),
    steps: launchesIn(program.steps).map((step) => ({ ...step, kernel: name, label: name })),
  };
}

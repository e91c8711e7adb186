import { test } from 'vitest';
import { fuseQuantized } from '../src/fuse-quantized.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const bytes = 'input %x: u8[1,2,4,4]  const %s: f32[] = [0.5]  const %z: u8[] = [3]';
const integers = `const %w: i8[2,2,1,1] = [1, 2, 3, 4]
  const %t: f32[2] = [0.25, 0.5]  const %u: i8[2] = [0, 0]`;
/** An image and filters as real numbers, and the scale of what is made of them. */
const image = `${bytes}  %a = DequantizeLinear(%x, %s, %z)`;
const filter = `${integers}  %b = DequantizeLinear(%w, %t, %u) {axis = 0}`;
const scale = 'const %v: f32[] = [2.0]';
const lowest = 'const %low: u8[] = [0]';

test('convolves in integers what is quantised again, with a bias in units of the products', () => {
  expectPass(
    fuseQuantized,
    `${image}  ${filter}  ${scale}
     const %bias: f32[2] = [1.0, -0.7]
     %c = Conv(%a, %b, %bias) {pads = [1, 1, 1, 1]}
     %y = QuantizeLinear(%c, %v, %z)
     output "y" = %y`,
    `${bytes}  ${integers}  ${scale}
     const %bias_1: i32[2] = [8, -3]
     %y = QLinearConv(%x, %s, %z, %w, %t, %u, %v, %z, %bias_1) {pads = [1, 1, 1, 1]}
     output "y" = %y`,
  );
});

test('takes a bias that is dequantised, whatever its scale', () => {
  expectPass(
    fuseQuantized,
    `${image}  ${filter}  ${scale}
     const %q: i32[2] = [8, -3]  const %half: f32[] = [0.25]
     %bias = DequantizeLinear(%q, %half)
     %c = Conv(%a, %b, %bias)
     %y = QuantizeLinear(%c, %v, %z)
     output "y" = %y`,
    `${bytes}  ${integers}  ${scale}
     const %bias_1: i32[2] = [16, -3]
     %y = QLinearConv(%x, %s, %z, %w, %t, %u, %v, %z, %bias_1)
     output "y" = %y`,
  );
});

test('leaves out a ReLU that saturation does', () => {
  expectPass(
    fuseQuantized,
    `${image}  ${filter}  ${scale}  ${lowest}
     %c = Conv(%a, %b)
     %r = Relu(%c)
     %y = QuantizeLinear(%r, %v, %low)
     output "y" = %y`,
    `${bytes}  ${integers}  ${scale}  ${lowest}
     %y = QLinearConv(%x, %s, %z, %w, %t, %u, %v, %low)
     output "y" = %y`,
  );
});

test('applies to the integers a Clip that saturation does not', () => {
  expectPass(
    fuseQuantized,
    `${image}  ${filter}  ${scale}
     const %zero: f32[] = [0.0]  const %six: f32[] = [6.0]
     %c = Conv(%a, %b)
     %r = Clip(%c, %zero, %six)
     %y = QuantizeLinear(%r, %v, %z)
     output "y" = %y`,
    `${bytes}  ${integers}  ${scale}
     %QLinearConv = QLinearConv(%x, %s, %z, %w, %t, %u, %v, %z)
     const %constant: u8[] = [3]  const %constant_1: u8[] = [6]
     %y = Clip(%QLinearConv, %constant, %constant_1)
     output "y" = %y`,
  );
});

test('must not fire where something else reads the real result: it is computed anyway', () => {
  expectPass(
    fuseQuantized,
    `${image}  ${filter}  ${scale}
     %c = Conv(%a, %b)
     %y = QuantizeLinear(%c, %v, %z)
     output "y" = %y  output "c" = %c`,
    `${bytes}  ${integers}  ${scale}
     %ConvInteger = ConvInteger(%x, %w, %z, %u)
     %Cast = Cast(%ConvInteger) {to = 1}
     const %scale: f32[2,1,1] = [0.125, 0.25]
     %c = Mul(%Cast, %scale)
     %y = QuantizeLinear(%c, %v, %z)
     output "y" = %y  output "c" = %c`,
  );
});

test('multiplies matrices in integers', () => {
  const matrix = `const %m: i8[2,3] = [1, 2, 3, 4, 5, 6]
    const %t: f32[3] = [0.25, 0.5, 1.0]  const %u: i8[3] = [0, 0, 0]`;
  const row = 'input %x: u8[4,2]  const %s: f32[] = [0.5]  const %z: u8[] = [3]';
  expectPass(
    fuseQuantized,
    `${row}  ${matrix}  ${scale}
     %a = DequantizeLinear(%x, %s, %z)
     %b = DequantizeLinear(%m, %t, %u)
     %c = MatMul(%a, %b)
     %y = QuantizeLinear(%c, %v, %z)
     output "y" = %y`,
    `${row}  ${matrix}  ${scale}
     %y = QLinearMatMul(%x, %s, %z, %m, %t, %u, %v, %z)
     output "y" = %y`,
  );
  expectPass(
    fuseQuantized,
    `${row}  ${matrix}
     const %bias: f32[3] = [1.0, 2.0, 3.0]
     %a = DequantizeLinear(%x, %s, %z)
     %b = DequantizeLinear(%m, %t, %u)
     %y = Gemm(%a, %b, %bias)
     output "y" = %y`,
    `${row}  ${matrix}
     const %bias: f32[3] = [1.0, 2.0, 3.0]
     %MatMulInteger = MatMulInteger(%x, %m, %z, %u)
     %Cast = Cast(%MatMulInteger) {to = 1}
     const %scale: f32[3] = [0.125, 0.25, 0.5]
     %Mul = Mul(%Cast, %scale)
     %y = Add(%Mul, %bias)
     output "y" = %y`,
  );
});

test('moves integers where only their places change', () => {
  expectPass(
    fuseQuantized,
    `${image}
     %r = Transpose(%a) {perm = [0, 2, 3, 1]}
     %y = QuantizeLinear(%r, %s, %z)
     output "y" = %y`,
    `${bytes}
     %Transpose = Transpose(%x) {perm = [0, 2, 3, 1]}
     output "y" = %Transpose`,
  );
  expectPass(
    fuseQuantized,
    `${image}  input %o: u8[1,3,4,4]
     %b = DequantizeLinear(%o, %s, %z)
     %m = MaxPool(%a) {kernel_shape = [1, 1]}
     %n = QuantizeLinear(%m, %s, %z)
     %c = DequantizeLinear(%n, %s, %z)
     %r = Concat(%c, %b) {axis = 1}
     %q = QuantizeLinear(%r, %s, %z)
     %d = DequantizeLinear(%q, %s, %z)
     %p = Relu(%d)
     %y = QuantizeLinear(%p, %s, %z)
     output "y" = %y`,
    `${bytes}  input %o: u8[1,3,4,4]
     %MaxPool = MaxPool(%x) {kernel_shape = [1, 1]}
     %Concat = Concat(%MaxPool, %o) {axis = 1}
     %Max = Max(%Concat, %z)
     output "y" = %Max`,
  );
});

test('must not fire on another scale: the numbers would change', () => {
  expectUnchanged(
    fuseQuantized,
    `${image}  ${scale}
     %y = QuantizeLinear(%a, %v, %z)
     output "y" = %y`,
  );
});

test('must not fire on 16 bits, whose products sums of 32 bits do not hold', () => {
  expectUnchanged(
    fuseQuantized,
    `input %x: u16[2,3]  input %w: i16[3,2]  const %s: f32[] = [0.5]
     %a = DequantizeLinear(%x, %s)
     %b = DequantizeLinear(%w, %s)
     %c = MatMul(%a, %b)
     %y = QuantizeLinear(%c, %s)
     output "y" = %y`,
  );
});

import { describe, test } from 'vitest';
import { recomposePointwiseConv } from '../src/recompose-pointwise-conv.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const image = 'input %x: f32[N,7,7,2]';
const wide = 'const %w: f32[2,3] = [1, 2, 3, 4, 5, 6]';
const back = '{perm = [0, 3, 1, 2]}';

describe('recompose-pointwise-conv', () => {
  test('makes convolutions of a chain of products, and turns what it begins with', () => {
    expectPass(
      recomposePointwiseConv,
      `${image}  ${wide}  const %v: f32[3,2] = [1, 2, 3, 4, 5, 6]
       const %b: f32[3] = [1, 2, 3]  const %c: f32[1,1,1,2] = [4, 5]
       const %zero: f32[] = [0]  const %six: f32[1] = [6]
       %p = MatMul(%x, %w) @"first"
       %s = Add(%b, %p)
       %a = Clip(%s, %zero, %six)
       %q = MatMul(%a, %v)
       %u = Sub(%q, %c)
       %y = Transpose(%u) ${back}
       output "y" = %y`,
      `${image}
       const %w_1: f32[3,2,1,1] = [1, 4, 2, 5, 3, 6]
       const %b_1: f32[3,1,1] = [1, 2, 3]
       const %zero: f32[] = [0]
       const %six_1: f32[] = [6]
       const %v_1: f32[2,3,1,1] = [1, 3, 5, 2, 4, 6]
       const %c_1: f32[2,1,1] = [4, 5]
       %Transpose = Transpose(%x) ${back}
       %Conv = Conv(%Transpose, %w_1) @"first"
       %Add = Add(%b_1, %Conv)
       %Clip = Clip(%Add, %zero, %six_1)
       %Conv_1 = Conv(%Clip, %v_1)
       %y = Sub(%Conv_1, %c_1)
       output "y" = %y`,
    );
  });

  test('makes a convolution of a product that an image was turned for, however large it is', () => {
    expectPass(
      recomposePointwiseConv,
      `input %x: f32[1,3,4,5,6]  const %w: f32[3,1] = [1, 2, 3]
       %t = Transpose(%x) {perm = [0, 2, 3, 4, 1]}
       %p = MatMul(%t, %w)
       %y = Transpose(%p) {perm = [0, 4, 1, 2, 3]}
       output "y" = %y`,
      `input %x: f32[1,3,4,5,6]  const %w_1: f32[1,3,1,1,1] = [1, 2, 3]
       %t = Transpose(%x) {perm = [0, 2, 3, 4, 1]}
       %Transpose = Transpose(%t) {perm = [0, 4, 1, 2, 3]}
       %y = Conv(%Transpose, %w_1)
       output "y" = %y`,
    );
  });

  const product = `${image}  ${wide}  %p = MatMul(%x, %w)`;
  const kept: readonly [string, string][] = [
    ['the result is turned otherwise', `${product}  %y = Transpose(%p) {perm = [0, 3, 2, 1]}`],
    [
      'a transpose of more would have to be computed',
      `${image}  const %w: f32[2,1] = [1, 2]  %p = MatMul(%x, %w)  %y = Transpose(%p) ${back}`,
    ],
    ['something else reads the product', `${product}  %y = Transpose(%p) ${back}  output "p" = %p`],
    [
      'another product has the same matrix',
      `${product}  %y = Transpose(%p) ${back}  %q = MatMul(%x, %w)  output "q" = %q`,
    ],
    [
      'a summand differs from pixel to pixel',
      `${product}  const %k: f32[7,1] = splat 1  %s = Add(%p, %k)  %y = Transpose(%s) ${back}`,
    ],
    [
      'the matrix is computed',
      `${image}  input %w: f32[2,3]  %p = MatMul(%x, %w)  %y = Transpose(%p) ${back}`,
    ],
    [
      'there is a matrix for each image',
      `input %x: f32[2,7,7,2]  const %w: f32[2,7,2,3] = seeded 1  %p = MatMul(%x, %w)
       %y = Transpose(%p) ${back}`,
    ],
    [
      'it is a sequence, which attention multiplies in that order',
      `input %x: f32[N,7,2]  ${wide}  %p = MatMul(%x, %w)  %y = Transpose(%p) {perm = [0, 2, 1]}`,
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(recomposePointwiseConv, `${lines}  output "y" = %y`);
    });
  }
});

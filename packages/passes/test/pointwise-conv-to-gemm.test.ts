import { genericTarget } from '@whittle/ir';
import { describe, test } from 'vitest';
import { pointwiseConvToGemm } from '../src/pointwise-conv-to-gemm.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const image = 'input %x: f32[1,2,2,3]';
const filters = `const %w: f32[3,2,1,1] = [1, 2, 3, 4, 5, 6]  const %b: f32[3] = [1, 2, 3]
  const %v: f32[2,3,1,1] = [1, 2, 3, 4, 5, 6]`;
const pair = '%p = Conv(%x, %w, %b)  %g = Gelu(%p)  %y = Conv(%g, %v)';

describe('pointwise-conv-to-gemm', () => {
  test('makes products of two convolutions and the activation between, with the pixels as rows', () => {
    expectPass(
      pointwiseConvToGemm,
      `${image}  ${filters}
       %p = Conv(%x, %w, %b)
       %g = Gelu(%p) {approximate = "tanh"}
       %y = Conv(%g, %v)
       output "y" = %y`,
      `${image}
       const %shape: i64[2] = [2, 6]
       const %w_1: f32[3,2] = [1, 2, 3, 4, 5, 6]
       const %b: f32[3] = [1, 2, 3]
       const %v_1: f32[2,3] = [1, 2, 3, 4, 5, 6]
       const %shape_1: i64[4] = [1, 2, 3, 2]
       %Reshape = Reshape(%x, %shape)
       %Gemm = Gemm(%Reshape, %w_1, %b) {transA = 1, transB = 1}
       %Gelu = Gelu(%Gemm) {approximate = "tanh"}
       %Gemm_1 = Gemm(%Gelu, %v_1) {transA = 0, transB = 1}
       %Reshape_1 = Reshape(%Gemm_1, %shape_1)
       %y = Transpose(%Reshape_1) {perm = [0, 3, 1, 2]}
       output "y" = %y`,
    );
  });

  test('takes an image that was turned for the first convolution as it was', () => {
    expectPass(
      pointwiseConvToGemm,
      `input %x: f32[1,2,3,2]  ${filters}
       %t = Transpose(%x) {perm = [0, 3, 1, 2]}
       %p = Conv(%t, %w, %b)
       %g = Relu(%p)
       %y = Conv(%g, %v)
       output "y" = %y`,
      `input %x: f32[1,2,3,2]
       const %shape: i64[2] = [6, 2]
       const %w_1: f32[3,2] = [1, 2, 3, 4, 5, 6]
       const %b: f32[3] = [1, 2, 3]
       const %v_1: f32[2,3] = [1, 2, 3, 4, 5, 6]
       const %shape_1: i64[4] = [1, 2, 3, 2]
       %Reshape = Reshape(%x, %shape)
       %Gemm = Gemm(%Reshape, %w_1, %b) {transA = 0, transB = 1}
       %Relu = Relu(%Gemm)
       %Gemm_1 = Gemm(%Relu, %v_1) {transA = 0, transB = 1}
       %Reshape_1 = Reshape(%Gemm_1, %shape_1)
       %y = Transpose(%Reshape_1) {perm = [0, 3, 1, 2]}
       output "y" = %y`,
    );
  });

  const kept: readonly [string, string][] = [
    ['there are several images', `input %x: f32[2,2,2,3]  ${filters}  ${pair}`],
    ['the number of images is open', `input %x: f32[N,2,2,3]  ${filters}  ${pair}`],
    ['there is one pixel, which is a row already', `input %x: f32[1,2,1,1]  ${filters}  ${pair}`],
    [
      'a convolution skips pixels',
      `${image}  ${filters}  %p = Conv(%x, %w) {strides = [2, 2]}  %g = Gelu(%p)  %y = Conv(%g, %v)`,
    ],
    [
      'a convolution pads pixels',
      `${image}  ${filters}  %p = Conv(%x, %w)  %g = Gelu(%p)  %y = Conv(%g, %v) {pads = [0, 0, 1, 0]}`,
    ],
    [
      'a convolution sees more than one pixel',
      `${image}  ${filters}  const %u: f32[2,3,2,1] = seeded 1  %p = Conv(%x, %w)  %g = Gelu(%p)
       %y = Conv(%g, %u)`,
    ],
    [
      'a convolution adds a residual',
      `${image}  ${filters}  input %r: f32[1,3,2,3]  %p = Conv(%x, %w, %b, %r)  %g = Gelu(%p)
       %y = Conv(%g, %v)`,
    ],
    ['something else reads what is between', `${image}  ${filters}  ${pair}  output "g" = %g`],
    [
      'a filter is computed',
      `${image}  ${filters}  input %u: f32[2,3,1,1]  %p = Conv(%x, %w)  %g = Gelu(%p)
       %y = Conv(%g, %u)`,
    ],
    [
      'something else reads a filter, which would be stored twice',
      `${image}  ${filters}  ${pair}  %z = Conv(%x, %w)  output "z" = %z`,
    ],
    ['nothing is between', `${image}  ${filters}  %p = Conv(%x, %w)  %y = Conv(%p, %v)`],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(pointwiseConvToGemm, `${lines}  output "y" = %y`);
    });
  }

  test('must not fire where there are more pixels than the target multiplies faster', () => {
    const target = { ...genericTarget, productPixels: 5 };
    expectUnchanged(pointwiseConvToGemm, `${image}  ${filters}  ${pair}  output "y" = %y`, {
      target,
    });
  });
});

import { describe, test } from 'vitest';
import { decomposeBatchNormalization } from '../src/decompose-batch-normalization.js';
import { foldBatchNormalization } from '../src/fold-batch-normalization.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const parameters = `const %scale: f32[2] = [1, 2]
                    const %bias: f32[2] = [10, 20]
                    const %mean: f32[2] = [1, 1]
                    const %variance: f32[2] = [0.25, 1]`;
const conv = `input %x: f32[1,1,4,4]
              const %w: f32[2,1,1,1] = [1, 2]
              const %b: f32[2] = [3, 4]
              ${parameters}`;

describe('fold-batch-normalization', () => {
  test('folds into the filter and bias of a convolution', () => {
    expectPass(
      foldBatchNormalization,
      `${conv}
       %c = Conv(%x, %w, %b)
       %y = BatchNormalization(%c, %scale, %bias, %mean, %variance) {epsilon = 0.0f}
       output "y" = %y`,
      `input %x: f32[1,1,4,4]
       const %w_1: f32[2,1,1,1] = [2, 4]
       const %b_1: f32[2] = [14, 26]
       %y = Conv(%x, %w_1, %b_1)
       output "y" = %y`,
    );
  });

  test('makes a Gemm of a product of matrices', () => {
    expectPass(
      foldBatchNormalization,
      `input %x: f32[N,1]
       const %w: f32[1,2] = [1, 2]
       ${parameters}
       %c = MatMul(%x, %w)
       %y = BatchNormalization(%c, %scale, %bias, %mean, %variance) {epsilon = 0.0f}
       output "y" = %y`,
      `input %x: f32[N,1]
       const %w_1: f32[1,2] = [2, 4]
       const %w_bias: f32[2] = [8, 18]
       %y = Gemm(%x, %w_1, %w_bias)
       output "y" = %y`,
    );
  });

  test('must not fire on a product of more dims, whose columns are not the channels', () => {
    expectUnchanged(
      foldBatchNormalization,
      `input %x: f32[N,2,2]
       const %w: f32[2,2] = [1, 2, 3, 4]
       ${parameters}
       %c = MatMul(%x, %w)
       %y = BatchNormalization(%c, %scale, %bias, %mean, %variance)
       output "y" = %y`,
    );
  });

  test('must not fire where the filter is computed', () => {
    expectUnchanged(
      foldBatchNormalization,
      `input %x: f32[1,1,4,4]
       input %w: f32[2,1,1,1]
       ${parameters}
       %c = Conv(%x, %w)
       %y = BatchNormalization(%c, %scale, %bias, %mean, %variance)
       output "y" = %y`,
    );
  });

  test('must not fire where something else reads the convolution', () => {
    expectUnchanged(
      foldBatchNormalization,
      `${conv}
       %c = Conv(%x, %w, %b)
       %y = BatchNormalization(%c, %scale, %bias, %mean, %variance)
       %z = Add(%y, %c)
       output "z" = %z`,
    );
  });
});

describe('decompose-batch-normalization', () => {
  test('leaves one product and one sum where the parameters are constants', () => {
    expectPass(
      decomposeBatchNormalization,
      `input %x: f32[N,2,H,W]
       ${parameters}
       %y = BatchNormalization(%x, %scale, %bias, %mean, %variance) {epsilon = 0.0f}
       output "y" = %y`,
      `input %x: f32[N,2,H,W]
       const %scale_1: f32[2,1,1] = [2, 2]
       const %bias_1: f32[2,1,1] = [8, 18]
       %Mul = Mul(%x, %scale_1)
       %y = Add(%Mul, %bias_1)
       output "y" = %y`,
    );
  });

  test('computes the factors where the parameters are computed', () => {
    expectPass(
      decomposeBatchNormalization,
      `input %x: f32[1,2,4]
       input %s: f32[2]
       input %b: f32[2]
       input %m: f32[2]
       input %v: f32[2]
       %y = BatchNormalization(%x, %s, %b, %m, %v) {epsilon = 0.5f}
       output "y" = %y`,
      `input %x: f32[1,2,4]
       input %s: f32[2]
       input %b: f32[2]
       input %m: f32[2]
       input %v: f32[2]
       const %constant: f32[] = [0.5]
       const %channelwise: i64[2] = [-1, 1]
       %Add = Add(%v, %constant)
       %Sqrt = Sqrt(%Add)
       %Div = Div(%s, %Sqrt)
       %Mul = Mul(%m, %Div)
       %Sub = Sub(%b, %Mul)
       %Reshape = Reshape(%Div, %channelwise)
       %Mul_1 = Mul(%x, %Reshape)
       %Reshape_1 = Reshape(%Sub, %channelwise)
       %y = Add(%Mul_1, %Reshape_1)
       output "y" = %y`,
    );
  });
});

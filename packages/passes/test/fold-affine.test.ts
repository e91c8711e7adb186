import { GraphBuilder, runPasses, seededTensor } from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { foldAffine } from '../src/fold-affine.js';
import { expectPass, expectUnchanged } from './before-expected.js';

describe('fold-affine', () => {
  test('makes a bias of a sum by channel, on either side', () => {
    for (const inputs of ['%c, %bias', '%bias, %c']) {
      expectPass(
        foldAffine,
        `input %x: f32[1,1,4,4]
         const %w: f32[2,1,1,1] = [1, 2]
         const %bias: f32[1,2,1,1] = [3, 4]
         %c = Conv(%x, %w) @"first"
         %y = Add(${inputs})
         output "y" = %y`,
        `input %x: f32[1,1,4,4]
         const %w: f32[2,1,1,1] = [1, 2]
         const %w_bias: f32[2] = [3, 4]
         %y = Conv(%x, %w, %w_bias) @"first"
         output "y" = %y`,
      );
    }
  });

  test('scales filter and bias by output channel, in f64 with one rounding', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,2,4,4]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %b: f32[2] = [1, 1]
       const %scale: f32[2,1,1] = [10, 0.5]
       const %shift: f32[] = [0.25]
       %c = Conv(%x, %w, %b)
       %m = Mul(%scale, %c)
       %y = Sub(%m, %shift)
       output "y" = %y`,
      `input %x: f32[1,2,4,4]
       const %w_1: f32[2,2,1,1] = [10, 20, 1.5, 2]
       const %b_1_1: f32[2] = [9.75, 0.25]
       %y = Conv(%x, %w_1, %b_1_1)
       output "y" = %y`,
    );
  });

  test('finds the output channels of a grouped transposed convolution', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,4,2,2]
       const %w: f32[4,2,1,1] = [1, 1, 1, 1, 1, 1, 1, 1]
       const %scale: f32[4,1,1] = [1, 2, 3, 4]
       %c = ConvTranspose(%x, %w) {group = 2}
       %y = Mul(%c, %scale)
       output "y" = %y`,
      `input %x: f32[1,4,2,2]
       const %w_1: f32[4,2,1,1] = [1, 2, 1, 2, 3, 4, 3, 4]
       const %w_bias: f32[4] = [0, 0, 0, 0]
       %y = ConvTranspose(%x, %w_1, %w_bias) {group = 2}
       output "y" = %y`,
    );
  });

  test('folds into either layout of a Gemm, and takes beta into the bias', () => {
    for (const [data, scaled, transB] of [
      ['[1, 2, 3, 4]', '[10, 200, 30, 400]', 0],
      ['[1, 3, 2, 4]', '[10, 30, 200, 400]', 1],
    ]) {
      expectPass(
        foldAffine,
        `input %x: f32[1,2]
         const %w: f32[2,2] = ${data}
         const %b: f32[2] = [1, 2]
         const %scale: f32[1,2] = [10, 100]
         %c = Gemm(%x, %w, %b) {beta = 0.5, transB = ${transB}}
         %y = Mul(%c, %scale)
         output "y" = %y`,
        `input %x: f32[1,2]
         const %w_1: f32[2,2] = ${scaled}
         const %b_1: f32[2] = [5, 100]
         %y = Gemm(%x, %w_1, %b_1) {transB = ${transB}}
         output "y" = %y`,
      );
    }
  });

  test('makes a Gemm of a product of matrices and its bias', () => {
    expectPass(
      foldAffine,
      `input %x: f32[4,2]
       const %w: f32[2,2] = [1, 2, 3, 4]
       const %b: f32[2] = [1, 2]
       %c = MatMul(%x, %w)
       %y = Add(%b, %c)
       output "y" = %y`,
      `input %x: f32[4,2]
       const %w: f32[2,2] = [1, 2, 3, 4]
       const %b: f32[2] = [1, 2]
       %y = Gemm(%x, %w, %b)
       output "y" = %y`,
    );
  });

  test('folds what a grouped convolution reads, by input channel', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,4,2,2]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %scale: f32[4,1,1] = [10, 100, 1, 0.5]
       const %shift: f32[4,1,1] = [1, 2, 3, 4]
       %a = Mul(%x, %scale)
       %b = Add(%a, %shift)
       %y = Conv(%b, %w) {group = 2, activation = "Relu"}
       output "y" = %y`,
      `input %x: f32[1,4,2,2]
       const %w_1: f32[2,2,1,1] = [10, 200, 3, 2]
       const %w_bias: f32[2] = [5, 25]
       %y = Conv(%x, %w_1, %w_bias) {group = 2, activation = "Relu"}
       output "y" = %y`,
    );
  });

  test('leaves the rest of a chain that is longer than any model has', () => {
    const builder = new GraphBuilder('chain');
    let value = builder.input('x', 'float32', [1, 2, 4, 4]);
    for (let i = 0; i < 200; i++) {
      value = builder.op('Mul', [value, builder.scalar('float32', 1.5)]);
    }
    const filter = builder.constant(seededTensor('float32', [2, 2, 1, 1], 1));
    builder.output('y', builder.op('Conv', [value, filter]));
    const { nodes } = runPasses(builder.build(), [foldAffine], { verify: true }).graph;
    expect(nodes.length).toBeLessThan(200);
    expect(nodes.at(-1)?.op).toBe('Conv');
  });

  test('must not fire on a sum that a padded convolution reads, whose border is 0 and not c', () => {
    expectUnchanged(
      foldAffine,
      `input %x: f32[1,1,2,2]
       const %w: f32[1,1,3,3] = seeded 1
       const %k: f32[] = [2]
       %a = Add(%x, %k)
       %y = Conv(%a, %w) {pads = [1, 1, 1, 1]}
       output "y" = %y`,
    );
  });

  test('must not fire on a division by 0, which no weight expresses', () => {
    expectUnchanged(
      foldAffine,
      `input %x: f32[1,1,2,2]
       const %w: f32[1,1,1,1] = [0]
       const %k: f32[] = [0]
       %a = Conv(%x, %w)
       %y = Div(%a, %k)
       output "y" = %y`,
    );
  });

  const conv = `input %x: f32[1,1,2,2]
                const %w: f32[2,1,1,1] = [1, 2]
                %c = Conv(%x, %w)`;

  test('must not fire on a constant that differs from pixel to pixel', () => {
    expectUnchanged(
      foldAffine,
      `${conv}
       const %k: f32[1,1,2,2] = [1, 2, 3, 4]
       %y = Add(%c, %k)
       output "y" = %y`,
    );
  });

  test('must not fire where the constant broadcasts the result to more dims', () => {
    expectUnchanged(
      foldAffine,
      `${conv}
       const %k: f32[2,1,1,1] = [1, 2]
       %y = Add(%c, %k)
       output "y" = %y`,
    );
  });

  test('must not fire where something else reads the convolution, which would run twice', () => {
    expectUnchanged(
      foldAffine,
      `${conv}
       const %k: f32[] = [2]
       %y = Mul(%c, %k)
       output "y" = %y
       output "c" = %c`,
    );
  });

  test('must not fire where two convolutions share a filter, which would be stored twice', () => {
    expectUnchanged(
      foldAffine,
      `${conv}
       const %k: f32[] = [2]
       %d = Conv(%c2, %w)
       %y = Mul(%c, %k)
       output "y" = %y
       output "d" = %d`.replace('%c2', '%x'),
    );
  });

  test('must not fire after an activation, which does not commute with it', () => {
    expectUnchanged(
      foldAffine,
      `input %x: f32[1,1,2,2]
       const %w: f32[2,1,1,1] = [1, 2]
       const %k: f32[] = [2]
       %c = Conv(%x, %w) {activation = "Relu"}
       %y = Mul(%c, %k)
       output "y" = %y`,
    );
  });

  test('must not fire on weights that are not constants', () => {
    expectUnchanged(
      foldAffine,
      `input %x: f32[1,1,2,2]
       input %w: f32[2,1,1,1]
       const %k: f32[] = [2]
       %c = Conv(%x, %w)
       %y = Mul(%c, %k)
       output "y" = %y`,
    );
  });
});

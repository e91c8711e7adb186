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
       %y = ConvTranspose(%x, %w_1) {group = 2}
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

  test('turns the sign of the weights and the bias', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,1,4,4]
       const %w: f32[2,1,1,1] = [1, -2]
       const %b: f32[2] = [3, 4]
       %c = Conv(%x, %w, %b)
       %y = Neg(%c)
       output "y" = %y`,
      `input %x: f32[1,1,4,4]
       const %w_1: f32[2,1,1,1] = [-1, 2]
       const %b_1: f32[2] = [-3, -4]
       %y = Conv(%x, %w_1, %b_1)
       output "y" = %y`,
    );
  });

  test('follows the channels through a transpose, behind a convolution and before one', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,2,3,3]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %bychannel: f32[2] = [10, 100]
       %c = Conv(%x, %w)
       %t = Transpose(%c) {perm = [0, 2, 3, 1]}
       %y = Mul(%t, %bychannel)
       output "y" = %y`,
      `input %x: f32[1,2,3,3]
       const %w_1: f32[2,2,1,1] = [10, 20, 300, 400]
       %Conv = Conv(%x, %w_1)
       %y = Transpose(%Conv) {perm = [0, 2, 3, 1]}
       output "y" = %y`,
    );
    expectPass(
      foldAffine,
      `input %x: f32[1,3,3,2]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %bychannel: f32[2] = [10, 100]
       const %half: f32[] = [0.5]
       %s = Sub(%x, %half)
       %m = Mul(%s, %bychannel)
       %t = Transpose(%m) {perm = [0, 3, 1, 2]}
       %y = Conv(%t, %w)
       output "y" = %y`,
      `input %x: f32[1,3,3,2]
       const %w_1: f32[2,2,1,1] = [10, 200, 30, 400]
       const %w_1_bias: f32[2] = [-105, -215]
       %Transpose_1 = Transpose(%x) {perm = [0, 3, 1, 2]}
       %y = Conv(%Transpose_1, %w_1, %w_1_bias)
       output "y" = %y`,
    );
  });

  test('folds the scale and shift of a normalisation that is turned to channels-first', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,3,3,2]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %gamma: f32[2] = [10, 100]
       const %beta: f32[2] = [0.5, 1]
       %n = LayerNormalization(%x, %gamma, %beta) {epsilon = 1e-5f}
       %t = Transpose(%n) {perm = [0, 3, 1, 2]}
       %y = Conv(%t, %w)
       output "y" = %y`,
      `input %x: f32[1,3,3,2]
       const %ones: f32[2] = [1, 1]
       const %w_1: f32[2,2,1,1] = [10, 200, 30, 400]
       const %w_bias: f32[2] = [2.5, 5.5]
       %LayerNormalization = LayerNormalization(%x, %ones) {epsilon = 1e-5f}
       %Transpose = Transpose(%LayerNormalization) {perm = [0, 3, 1, 2]}
       %y = Conv(%Transpose, %w_1, %w_bias)
       output "y" = %y`,
    );
  });

  const scaled = `const %gamma: f32[2] = [10, 100]  const %beta: f32[2] = [0.5, 1]
    const %w: f32[2,2,1,1] = [1, 2, 3, 4]`;
  const keptNormalizations: readonly [string, string][] = [
    [
      'the border of the convolution is 0 and not β',
      `input %x: f32[1,3,3,2]  ${scaled}  %n = LayerNormalization(%x, %gamma, %beta)
       %t = Transpose(%n) {perm = [0, 3, 1, 2]}  %y = Conv(%t, %w) {pads = [1, 1, 1, 1]}`,
    ],
    [
      'the normalised axis is not the one of the channels',
      `input %x: f32[1,2,3,2]  ${scaled}  %n = LayerNormalization(%x, %gamma, %beta)
       %t = Transpose(%n) {perm = [0, 1, 3, 2]}  %y = Conv(%t, %w)`,
    ],
    [
      'something else reads it',
      `input %x: f32[1,3,3,2]  ${scaled}  %n = LayerNormalization(%x, %gamma, %beta)
       %t = Transpose(%n) {perm = [0, 3, 1, 2]}  %y = Conv(%t, %w)  output "n" = %n`,
    ],
    [
      'it is read as it is, by a product over the last axis',
      `input %x: f32[3,2]  ${scaled}  const %v: f32[2,2] = [1, 2, 3, 4]
       %n = LayerNormalization(%x, %gamma, %beta)  %y = MatMul(%n, %v)`,
    ],
  ];
  for (const [reason, lines] of keptNormalizations) {
    test(`must not take the scale of a normalisation where ${reason}`, () => {
      expectUnchanged(foldAffine, `${lines}  output "y" = %y`);
    });
  }

  test('folds a difference from a constant that a convolution reads', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,2,2,2]
       const %w: f32[1,2,1,1] = [1, 2]
       const %c: f32[2,1,1] = [10, 100]
       const %b: f32[1] = [5]
       %d = Sub(%c, %x)
       %y = Conv(%d, %w, %b)
       output "y" = %y`,
      `input %x: f32[1,2,2,2]
       const %w_1: f32[1,2,1,1] = [-1, -2]
       const %b_1: f32[1] = [215]
       %y = Conv(%x, %w_1, %b_1)
       output "y" = %y`,
    );
  });

  test('folds a product that a grouped transposed convolution reads, padded or not', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,4,2,2]
       const %w: f32[4,1,1,2] = [1, 2, 3, 4, 5, 6, 7, 8]
       const %c: f32[4,1,1] = [1, 10, 100, 1000]
       %m = Mul(%x, %c)
       %y = ConvTranspose(%m, %w) {group = 2, strides = [2, 2], pads = [0, 1, 0, 0]}
       output "y" = %y`,
      `input %x: f32[1,4,2,2]
       const %w_1: f32[4,1,1,2] = [1, 2, 30, 40, 500, 600, 7000, 8000]
       %y = ConvTranspose(%x, %w_1) {group = 2, strides = [2, 2], pads = [0, 1, 0, 0]}
       output "y" = %y`,
    );
  });

  test('folds a sum that a transposed convolution of one tap reads', () => {
    expectPass(
      foldAffine,
      `input %x: f32[1,2,2,2]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %c: f32[2,1,1] = [10, 100]
       %a = Add(%x, %c)
       %y = ConvTranspose(%a, %w)
       output "y" = %y`,
      `input %x: f32[1,2,2,2]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       const %w_bias: f32[2] = [310, 420]
       %y = ConvTranspose(%x, %w, %w_bias)
       output "y" = %y`,
    );
  });

  test('folds what a Gemm reads, in either layout, with its alpha', () => {
    for (const [data, scaled, transB] of [
      ['[1, 2, 3, 4]', '[10, 20, 300, 400]', 0],
      ['[1, 3, 2, 4]', '[10, 300, 20, 400]', 1],
    ]) {
      expectPass(
        foldAffine,
        `input %x: f32[4,2]
         const %w: f32[2,2] = ${data}
         const %b: f32[2] = [1, 2]
         const %c: f32[2] = [10, 100]
         const %one: f32[] = [1]
         %a = Add(%x, %one)
         %m = Mul(%a, %c)
         %y = Gemm(%m, %w, %b) {alpha = 0.5, transB = ${transB}}
         output "y" = %y`,
        `input %x: f32[4,2]
         const %w_1: f32[2,2] = ${scaled}
         const %b_1: f32[2] = [156, 212]
         %y = Gemm(%x, %w_1, %b_1) {alpha = 0.5, transB = ${transB}}
         output "y" = %y`,
      );
    }
  });

  test('folds products into a MatMul on either side of it, whatever its rank', () => {
    expectPass(
      foldAffine,
      `input %x: f32[N,7,2]
       const %w: f32[2,2] = [1, 2, 3, 4]
       const %before: f32[1,1,2] = [10, 100]
       const %behind: f32[2] = [1, 0.5]
       %a = Mul(%x, %before)
       %p = MatMul(%a, %w)
       %y = Mul(%p, %behind)
       output "y" = %y`,
      `input %x: f32[N,7,2]
       const %w_1_1: f32[2,2] = [10, 10, 300, 200]
       %y = MatMul(%x, %w_1_1)
       output "y" = %y`,
    );
  });

  test('folds what stands around a MatMul and its sum into both', () => {
    expectPass(
      foldAffine,
      `input %x: f32[N,7,2]
       const %w: f32[2,2] = [1, 2, 3, 4]
       const %b: f32[2] = [1, 1]
       const %before: f32[2] = [10, 100]
       const %behind: f32[1,1,2] = [1, 0.5]
       %a = Sub(%x, %before)
       %p = MatMul(%a, %w)
       %s = Add(%p, %b)
       %y = Mul(%s, %behind)
       output "y" = %y`,
      `input %x: f32[N,7,2]
       const %w_1: f32[2,2] = [1, 1, 3, 2]
       const %b_1_1: f32[2] = [-309, -209.5]
       %MatMul_1 = MatMul(%x, %w_1)
       %y = Add(%MatMul_1, %b_1_1)
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

  const elsewhere: readonly [string, string][] = [
    [
      'a transposed convolution of several taps reads a sum, which is not the same at its border',
      `input %x: f32[1,1,2,2]  const %w: f32[1,1,2,2] = [1, 2, 3, 4]
       %a = Add(%x, %k)  %y = ConvTranspose(%a, %w)`,
    ],
    [
      'a transposed convolution puts nothing between the pixels that a sum was added to',
      `input %x: f32[1,1,2,2]  const %w: f32[1,1,1,1] = [1]
       %a = Add(%x, %k)  %y = ConvTranspose(%a, %w) {strides = [2, 2]}`,
    ],
    [
      'a Gemm reads the transpose, whose channels lie along the rows',
      `input %x: f32[2,2]  const %w: f32[2,2] = [1, 2, 3, 4]
       %a = Mul(%x, %k)  %y = Gemm(%a, %w) {transA = 1}`,
    ],
    [
      'a MatMul has no bias',
      `input %x: f32[N,7,2]  const %w: f32[2,2] = [1, 2, 3, 4]
       %p = MatMul(%x, %w)  %y = Add(%p, %k)`,
    ],
    [
      'a factor differs from row to row',
      `input %x: f32[N,2,2]  const %w: f32[2,2] = [1, 2, 3, 4]  const %rows: f32[2,1] = [1, 2]
       %p = MatMul(%x, %w)  %y = Mul(%p, %rows)`,
    ],
    [
      'there is a matrix for each row of the batch',
      `input %x: f32[2,7,2]  const %w: f32[2,2,2] = seeded 1
       %p = MatMul(%x, %w)  %y = Mul(%p, %k)`,
    ],
    [
      'the constant is the matrix on the left',
      `input %x: f32[2,2]  const %w: f32[2,2] = [1, 2, 3, 4]  %p = MatMul(%w, %x)  %y = Mul(%p, %k)`,
    ],
    [
      'a transpose puts other numbers along the axis of the constant',
      `input %x: f32[1,1,2,3]  const %w: f32[2,1,1,1] = [1, 2]  const %rows: f32[2,1,1] = [1, 2]
       %c = Conv(%x, %w)  %t = Transpose(%c) {perm = [0, 2, 3, 1]}  %y = Mul(%t, %rows)`,
    ],
  ];
  for (const [reason, lines] of elsewhere) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(foldAffine, `const %k: f32[] = [2]  ${lines}  output "y" = %y`);
    });
  }

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

import { describe, test } from 'vitest';
import { fuseActivation } from '../src/fuse-activation.js';
import { fuseResidual } from '../src/fuse-residual.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const conv = `input %x: f32[N,2,8,8]
              const %w: f32[2,2,1,1] = seeded 1`;

describe('fuse-activation', () => {
  const activations: readonly [string, string][] = [
    ['Relu(%c)', 'activation = "Relu"'],
    ['Silu(%c)', 'activation = "Silu"'],
    ['Clip(%c, %zero, %six)', 'activation = "Clip", activation_params = [0.0, 6.0]'],
    ['Clip(%c, _, %six)', 'activation = "Clip", activation_params = [-inf, 6.0]'],
    ['LeakyRelu(%c)', 'activation = "LeakyRelu", activation_params = [0.01f]'],
    [
      'HardSigmoid(%c) {beta = 0.25, alpha = 0.5}',
      'activation = "HardSigmoid", activation_params = [0.5, 0.25]',
    ],
    ['Gelu(%c) {approximate = "none"}', 'activation = "Gelu"'],
  ];
  for (const [activation, attributes] of activations) {
    test(`moves ${activation} into the convolution`, () => {
      expectPass(
        fuseActivation,
        `${conv}
         const %zero: f32[] = [0]
         const %six: f32[] = [6]
         %c = Conv(%x, %w) {strides = [2, 2]} @"first"
         %y = ${activation}
         output "y" = %y`,
        `${conv}
         %y = Conv(%x, %w) {strides = [2, 2], ${attributes}} @"first"
         output "y" = %y`,
      );
    });
  }

  const kept: readonly [string, string][] = [
    ['something else reads the convolution', '%c = Conv(%x, %w)  %y = Relu(%c)  output "c" = %c'],
    ['there is an activation already', '%c = Conv(%x, %w) {activation = "Tanh"}  %y = Relu(%c)'],
    [
      'a bound is computed',
      '%c = Conv(%x, %w)  %m = ReduceMax(%x) {keepdims = 0}  %y = Clip(%c, %m)',
    ],
    ['an attribute has no place', '%c = Conv(%x, %w)  %y = Gelu(%c) {approximate = "tanh"}'],
    ['the op before has no epilogue', '%c = Softmax(%x)  %y = Relu(%c)'],
    ['the result is of another dtype', '%c = Conv(%x, %w)  %y = IsNaN(%c)'],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(fuseActivation, `${conv}  ${lines}  output "y" = %y`);
    });
  }
});

describe('fuse-residual', () => {
  test('starts the convolution from the residual', () => {
    expectPass(
      fuseResidual,
      `${conv}
       %r = Relu(%x)
       %c = Conv(%r, %w)
       %s = Add(%r, %c)
       %y = Relu(%s)
       output "y" = %y`,
      `${conv}
       %r = Relu(%x)
       %s = Conv(%r, %w, _, %r)
       %y = Relu(%s)
       output "y" = %y`,
    );
  });

  const kept: readonly [string, string][] = [
    ['the residual broadcasts', 'input %r: f32[2,1,1]  %c = Conv(%x, %w)  %y = Add(%c, %r)'],
    [
      'the activation comes before the sum',
      '%c = Conv(%x, %w) {activation = "Relu"}  %y = Add(%c, %x)',
    ],
    ['there is a residual already', '%c = Conv(%x, %w, _, %x)  %y = Add(%c, %x)'],
    ['the convolution is added to itself', '%c = Conv(%x, %w)  %y = Add(%c, %c)'],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(fuseResidual, `${conv}  ${lines}  output "y" = %y`);
    });
  }
});

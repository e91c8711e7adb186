import { describe, test } from 'vitest';
import { recomposeLayerNormalization } from '../src/recompose-layer-normalization.js';
import { expectPass, expectUnchanged } from './before-expected.js';
import {
  normalizationConstants,
  normalizationInput,
  normalizationSpellings,
} from './layer-normalization-spellings.js';

const head = `${normalizationInput}  ${normalizationConstants}`;
const parts = `%m = ReduceMean(%x, %last)  %d = Sub(%x, %m)  %q = Pow(%d, %two)
  %v = ReduceMean(%q, %last)  %e = Add(%v, %eps)  %s = Sqrt(%e)`;
const whole = `${parts}  %y = Div(%d, %s)`;

describe('recompose-layer-normalization', () => {
  for (const { what, lines, result } of normalizationSpellings) {
    test(`recognises ${what}`, () => {
      expectPass(
        recomposeLayerNormalization,
        `${head}  ${lines}  output "y" = %y`,
        `${head}  %y = ${result}  output "y" = %y`,
      );
    });
  }

  test('runs over several last axes, named in any order', () => {
    expectPass(
      recomposeLayerNormalization,
      `input %x: f32[N,3,4]  const %both: i64[2] = [2, 1]
       ${normalizationConstants}
       ${whole.replaceAll('%last', '%both')}  output "y" = %y`,
      `input %x: f32[N,3,4]  const %ones: f32[3,4] = splat 1
       %y = LayerNormalization(%x, %ones) {axis = -2, epsilon = 0.001f}  output "y" = %y`,
    );
  });

  test('turns an image there and back to run over its channels', () => {
    expectPass(
      recomposeLayerNormalization,
      `input %x: f32[N,4,H,W]  const %channels: i64[1] = [1]  const %byrow: f32[1,4,1,1] = [0.5, 0, 1, -1]
       const %bychannel: f32[4,1,1] = [1, 2, -3, 0.5]  ${normalizationConstants}
       ${whole.replaceAll('%last', '%channels').replace('%y', '%n')}
       %k = Mul(%bychannel, %n)  %y = Add(%k, %byrow)
       output "y" = %y`,
      `input %x: f32[N,4,H,W]
       const %bychannel_1: f32[4] = [1, 2, -3, 0.5]
       const %byrow_1: f32[4] = [0.5, 0, 1, -1]
       %Transpose = Transpose(%x) {perm = [0, 2, 3, 1]}
       %Add = LayerNormalization(%Transpose, %bychannel_1, %byrow_1) {axis = -1, epsilon = 0.001f}
       %y = Transpose(%Add) {perm = [0, 3, 1, 2]}
       output "y" = %y`,
    );
  });

  test('takes in factors and summands that come after it', () => {
    expectPass(
      recomposeLayerNormalization,
      `${head}
       %n = LayerNormalization(%x, %gamma, %beta)
       %k = Mul(%n, %broad)
       %y = Add(%k, %half)
       output "y" = %y`,
      `${normalizationInput}
       const %gamma_1: f32[4] = [1, 4, 9, 0.25]
       const %beta_1_1: f32[4] = [1, 0.5, -2.5, 0]
       %y = LayerNormalization(%x, %gamma_1, %beta_1_1)
       output "y" = %y`,
    );
  });

  test('takes in factors that are computed', () => {
    expectPass(
      recomposeLayerNormalization,
      `${head}  input %g: f32[4]  ${whole.replace('%y', '%n')}  %y = Mul(%n, %g)  output "y" = %y`,
      `${normalizationInput}  input %g: f32[4]
       %y = LayerNormalization(%x, %g) {axis = -1, epsilon = 0.001f}  output "y" = %y`,
    );
  });

  const wide = `input %h: f16[2,3,4]  ${normalizationConstants}`;
  const normal = 'LayerNormalization(%h, %ones) {axis = -1, epsilon = 0.001f}';
  const narrowed: readonly [string, string][] = [
    ['all of it is computed in f32', `%x = Cast(%h) {to = 1}  ${parts}  %n = Div(%d, %s)`],
    [
      'the quotient is computed in f32',
      `%m = ReduceMean(%h, %last)  %c = Sub(%h, %m)  %d = Cast(%c) {to = 1}
       ${parts.slice(parts.indexOf('%q'))}  %n = Div(%d, %s)`,
    ],
  ];
  for (const [what, lines] of narrowed) {
    test(`leaves the casts to the op where ${what}`, () => {
      expectPass(
        recomposeLayerNormalization,
        `${wide}  ${lines}  %y = Cast(%n) {to = 10}  output "y" = %y`,
        `input %h: f16[2,3,4]  const %ones_1: f16[4] = [1, 1, 1, 1]
         %y = ${normal.replace('%ones', '%ones_1')}  output "y" = %y`,
      );
    });
  }

  test('leaves the casts to the op where the deviation is computed in f32', () => {
    expectPass(
      recomposeLayerNormalization,
      `${wide}  %m = ReduceMean(%h, %last)  %c = Sub(%h, %m)  %d = Cast(%c) {to = 1}
       ${parts.slice(parts.indexOf('%q'))}  %t = Cast(%s) {to = 10}  %y = Div(%c, %t)  output "y" = %y`,
      `input %h: f16[2,3,4]  const %ones: f16[4] = [1, 1, 1, 1]  %y = ${normal}  output "y" = %y`,
    );
  });

  const kept: readonly [string, string][] = [
    ['the axes are not the last ones', whole.replaceAll('%last', '%first')],
    ['mean and variance run over different axes', whole.replace('%last', '%both')],
    ['something else reads the differences', `${whole}  output "d" = %d`],
    ['something else reads the variance', `${whole}  %z = Neg(%v)  output "z" = %z`],
    [
      'ε comes after the root',
      whole.replace('Add(%v, %eps)', 'Sqrt(%v)').replace('Sqrt(%e)', 'Add(%e, %eps)'),
    ],
    ['ε differs from row to row', whole.replace('%eps', '%epsilons')],
    ['ε is below 0', whole.replace('%eps', '%minushalf')],
    ['what is squared is not what is divided', `${parts}  %o = Sub(%x, %v)  %y = Div(%o, %s)`],
    ['the power is another', whole.replace('Pow(%d, %two', 'Pow(%d, %half')],
    ['the root is another', whole.replace('Sqrt(%e)', 'Pow(%e, %two)')],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      const more = 'const %first: i64[1] = [0]  const %both: i64[2] = [1, 2]';
      const epsilons = 'const %epsilons: f32[3,1] = [0.1, 0.2, 0.3]';
      expectUnchanged(
        recomposeLayerNormalization,
        `${head}  ${more}  ${epsilons}  ${lines}  output "y" = %y`,
      );
    });
  }

  test('must not fire where the means lie along another axis, since they lost their own', () => {
    expectUnchanged(
      recomposeLayerNormalization,
      `input %x: f32[4,4]  ${normalizationConstants}
       ${whole.replace('%last)', '%last) {keepdims = 0}')}  output "y" = %y`,
    );
  });

  test('must not fire on f64, whose mean and variance the op computes in f32', () => {
    expectUnchanged(
      recomposeLayerNormalization,
      `${head.replaceAll('f32', 'f64')}  ${whole}  output "y" = %y`,
    );
  });

  for (const [from, to, code] of [
    ['f32', 'f64', 11],
    ['f32', 'f16', 10],
  ]) {
    test(`must not fire where ${from} is computed in ${to}, which the op does in f32`, () => {
      expectUnchanged(
        recomposeLayerNormalization,
        `input %h: ${from}[2,3,4]  ${normalizationConstants.replaceAll('f32', `${to}`)}
         %m = ReduceMean(%h, %last)  %c = Sub(%h, %m)  %d = Cast(%c) {to = ${code}}
         ${parts.slice(parts.indexOf('%q'))}  %y = Div(%d, %s)  output "y" = %y`,
      );
    });
  }

  test('must not fire where the size of the last axis has only a name', () => {
    expectUnchanged(
      recomposeLayerNormalization,
      `input %x: f32[2,3,C]  ${normalizationConstants}  ${whole}  output "y" = %y`,
    );
  });

  const besides: readonly [string, string][] = [
    ['is a residual', '%y = Add(%n, %x)'],
    ['differs from row to row', 'const %rows: f32[3,1] = [1, 2, 3]  %y = Mul(%n, %rows)'],
    ['has more dims', 'const %more: f32[1,1,1,4] = [1, 2, 3, 4]  %y = Mul(%n, %more)'],
    ['comes after another reader', '%y = Mul(%n, %gamma)  output "n" = %n'],
  ];
  for (const [reason, lines] of besides) {
    test(`must not take in what ${reason}`, () => {
      expectUnchanged(
        recomposeLayerNormalization,
        `${head}  %n = LayerNormalization(%x, %gamma)  ${lines}  output "y" = %y`,
      );
    });
  }
});

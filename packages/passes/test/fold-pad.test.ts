import { describe, test } from 'vitest';
import { foldPad } from '../src/fold-pad.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const image = 'input %x: f32[1,2,4,4]';
const zero = 'const %v: f32[] = [0]';

/** %q is %x padded by `pads`: of the four axes the begins, then the ends. */
function padded(pads: string, fill = zero, input = '%x', more = ''): string {
  return `const %p: i64[8] = ${pads}  ${fill}  %q = Pad(${input}, %p, %v) ${more}`;
}

const filter = 'const %w: f32[2,2,3,3] = seeded 1';
const aroundOnce = '[0, 0, 1, 1, 0, 0, 1, 1]';

describe('fold-pad, of convolutions', () => {
  const convolutions: readonly [string, string, string, string][] = [
    [
      'adds to its pads, side by side',
      '[0, 0, 1, 2, 0, 0, 3, 4]',
      'pads = [1, 1, 1, 1]',
      '[2, 3, 4, 5]',
    ],
    ['gives it pads', '[0, 0, 0, 0, 0, 0, 1, 1]', 'strides = [2, 2]', '[0, 0, 1, 1]'],
    ['takes VALID for no pads', aroundOnce, 'auto_pad = "VALID"', '[1, 1, 1, 1]'],
  ];
  for (const [what, pads, before, after] of convolutions) {
    test(what, () => {
      const strides = before.startsWith('strides') ? `${before}, ` : '';
      expectPass(
        foldPad,
        `${image}  ${filter}  ${padded(pads)}  %y = Conv(%q, %w) {${before}}  output "y" = %y`,
        `${image}  ${filter}  %y = Conv(%x, %w) {${strides}pads = ${after}}  output "y" = %y`,
      );
    });
  }

  test('takes the pads of a grouped one, of axes that are named and in 16-bit floats', () => {
    expectPass(
      foldPad,
      `input %x: f16[1,2,4,4]  const %w: f16[2,1,3,3] = splat 1  const %b: f16[2] = [1, 2]
       const %p: i64[4] = [1, 2, 3, 4]  const %axes: i64[2] = [3, -2]  const %v: f16[] = [-0]
       %q = Pad(%x, %p, %v, %axes)
       %y = Conv(%q, %w, %b) {group = 2, activation = "Relu"}
       output "y" = %y`,
      `input %x: f16[1,2,4,4]  const %w: f16[2,1,3,3] = splat 1  const %b: f16[2] = [1, 2]
       %y = Conv(%x, %w, %b) {group = 2, activation = "Relu", pads = [2, 1, 4, 3]}
       output "y" = %y`,
    );
  });

  const kept: readonly [string, string, string][] = [
    ['it pads with another number', padded(aroundOnce, 'const %v: f32[] = [1]'), ''],
    ['it takes away', padded('[0, 0, 1, -1, 0, 0, 0, 0]'), ''],
    ['it pads the batch', padded('[1, 0, 0, 0, 0, 0, 0, 0]'), ''],
    ['it reflects', padded(aroundOnce, zero, '%x', '{mode = "reflect"}'), ''],
    ['something else reads it', `${padded(aroundOnce)}  output "q" = %q`, ''],
    ['the pads are computed', `input %p: i64[8]  ${zero}  %q: f32[1,2,6,6] = Pad(%x, %p, %v)`, ''],
    [
      'the pads of the convolution follow from the sizes',
      padded(aroundOnce),
      'auto_pad = "SAME_UPPER"',
    ],
  ];
  for (const [reason, lines, attributes] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(
        foldPad,
        `${image}  ${filter}  ${lines}  %y = Conv(%q, %w) {${attributes}}  output "y" = %y`,
      );
    });
  }
});

describe('fold-pad, of pools', () => {
  const minusInfinity = 'const %v: f32[] = [-inf]';

  test('counts the zeros that are averaged', () => {
    expectPass(
      foldPad,
      `${image}  ${padded(aroundOnce)}  %y = AveragePool(%q) {kernel_shape = [3, 3], strides = [2, 2]}
       output "y" = %y`,
      `${image}  %y = AveragePool(%x) {kernel_shape = [3, 3], strides = [2, 2], count_include_pad = 1,
         pads = [1, 1, 1, 1]}
       output "y" = %y`,
    );
  });

  test('takes the largest element of what is not below 0, or of what is padded with −∞', () => {
    const pool = (input: string, pads: string) =>
      `%y = MaxPool(${input}) {kernel_shape = [3, 2]${pads}}  output "y" = %y`;
    const pads = '[0, 0, 2, 1, 0, 0, 1, 1]';
    for (const [producer, fill] of [
      ['%a = Relu(%x)', zero],
      ['%a = Clip(%x, %low)', zero],
      ['%a = Neg(%x)', minusInfinity],
    ] as const) {
      const head = `${image}  const %low: f32[] = [0.5]  ${producer}`;
      expectPass(
        foldPad,
        `${head}  ${padded(pads, fill, '%a')}  ${pool('%q', '')}`,
        `${head}  ${pool('%a', ', pads = [2, 1, 1, 1]')}`,
      );
    }
  });

  const plain = '{kernel_shape = [3, 3]}';
  const kept: readonly [string, string][] = [
    ['what is largest may be a zero', `${padded(aroundOnce)}  %y = MaxPool(%q) ${plain}`],
    ['a mean of −∞ is one', `${padded(aroundOnce, minusInfinity)}  %y = AveragePool(%q) ${plain}`],
    [
      'a window may lie in the padding',
      `${padded('[0, 0, 3, 0, 0, 0, 0, 0]')}  %y = AveragePool(%q) ${plain}`,
    ],
    [
      'the pads that are there do not count',
      `${padded('[0, 0, 1, 0, 0, 0, 0, 0]')}
       %y = AveragePool(%q) {kernel_shape = [3, 3], pads = [1, 0, 0, 0]}`,
    ],
    [
      'the last window ends behind the input',
      `${padded(aroundOnce)}  %y = AveragePool(%q) {kernel_shape = [3, 3], ceil_mode = 1}`,
    ],
    [
      'positions are told as well',
      `%a = Relu(%x)  ${padded(aroundOnce, zero, '%a')}  %y, %i = MaxPool(%q) ${plain}  output "i" = %i`,
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(foldPad, `${image}  ${lines}  output "y" = %y`);
    });
  }
});

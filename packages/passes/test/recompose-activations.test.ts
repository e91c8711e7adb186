import { describe, test } from 'vitest';
import { recomposeActivations } from '../src/recompose-activations.js';
import { activationSpellings, spellingConstants, spellingInput } from './activation-spellings.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const x = spellingInput;
const constants = spellingConstants;
const clamped = '%a = Add(%x, %three)  %c = Clip(%a, %zero, %six)';

describe('recompose-activations', () => {
  for (const { what, lines, result } of activationSpellings) {
    test(`recognises ${what}`, () => {
      expectPass(
        recomposeActivations,
        `${x}  ${constants}  ${lines}  output "y" = %y`,
        `${x}  ${constants}  %y = ${result}  output "y" = %y`,
      );
    });
  }

  test('makes one Clip of bounds in a row', () => {
    expectPass(
      recomposeActivations,
      `${x}  ${constants}
       %a = Max(%x, %half)
       %b = Min(%six, %a)
       %c = Clip(%b, _, %three)
       %y = Relu(%c)
       output "y" = %y`,
      `${x}
       const %constant_4: f32[] = [0.5]
       const %constant_5: f32[] = [3]
       %y = Clip(%x, %constant_4, %constant_5)
       output "y" = %y`,
    );
  });

  test('makes a leaky ReLU of a PRelu with one slope', () => {
    expectPass(
      recomposeActivations,
      `${x}  const %s: f32[2,1,1] = splat 0.25  %y = PRelu(%x, %s)  output "y" = %y`,
      `${x}  %y = LeakyRelu(%x) {alpha = 0.25}  output "y" = %y`,
    );
  });

  const kept: readonly [string, string][] = [
    ['the gate is of another value', '%n = Neg(%x)  %s = Sigmoid(%n)  %y = Mul(%x, %s)'],
    ['the gate is read elsewhere', '%s = Sigmoid(%x)  %y = Mul(%x, %s)  output "s" = %s'],
    [
      'a constant is off by one bit',
      'const %near: f32[] = [0.16666669]  %h = Clip(%x, %zero, %six)  %y = Mul(%h, %near)',
    ],
    [
      'hard-sigmoid has other slopes',
      '%h = HardSigmoid(%x) {alpha = 0.2f, beta = 0.5f}  %y = Mul(%x, %h)',
    ],
    [
      'hard-sigmoid has a slope that is a sixth to four digits alone',
      '%h = HardSigmoid(%x) {alpha = 0.1667f, beta = 0.5f}  %y = Mul(%x, %h)',
    ],
    [
      'a gate is divided by less than its largest value',
      `const %five: f32[] = [5]  ${clamped}  %y = Div(%c, %five)`,
    ],
    [
      'a gate is of another value',
      `%n = Neg(%x)  ${clamped}  %m = Mul(%n, %c)  %y = Div(%m, %six)`,
    ],
    ['a gate ends above 1', '%m = Mul(%x, %half)  %a = Add(%m, %half)  %y = Clip(%a, %zero, %two)'],
    [
      'a slope differs by channel',
      '%m = Mul(%x, %slopes)  %a = Add(%m, %half)  %y = Clip(%a, %zero, %one)',
    ],
    ['the larger of two is not that of x above 0', '%m = Mul(%x, %three)  %y = Max(%m, %x)'],
    ['the sigmoid is steeper', '%m = Mul(%x, %two)  %s = Sigmoid(%m)  %y = Mul(%x, %s)'],
    [
      'a softplus is cut where it still bends',
      '%s = Softplus(%x)  %g = Greater(%x, %three)  %y = Where(%g, %x, %s)',
    ],
    [
      'nothing is halved',
      '%d = Div(%x, %root2)  %e = Erf(%d)  %g = Add(%e, %one)  %y = Mul(%x, %g)',
    ],
    [
      'the error function is of another multiple',
      '%d = Div(%x, %two)  %e = Erf(%d)  %g = Add(%e, %one)  %m = Mul(%x, %g)  %y = Mul(%m, %half)',
    ],
    [
      'the tanh is of another cubic',
      `%p = Pow(%x, %three)  %q = Mul(%fifth, %p)  %r = Add(%x, %q)  %s = Mul(%root2pi, %r)
       %t = Tanh(%s)  %g = Add(%one, %t)  %h = Mul(%half, %x)  %y = Mul(%h, %g)`,
    ],
    ['the bounds of Min and Max cross', '%a = Min(%x, %zero)  %y = Max(%a, %six)'],
    ['Max has a third operand', '%a = Max(%x, %zero, %half)  %y = Min(%a, %six)'],
    [
      'a constant broadcasts the result',
      `const %wide: f32[1,1,1,1,1] = [6]  ${clamped}  %m = Mul(%x, %c)  %y = Div(%m, %wide)`,
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(recomposeActivations, `${x}  ${constants}  ${lines}  output "y" = %y`);
    });
  }

  test('reads constants as 16-bit floats hold them', () => {
    expectPass(
      recomposeActivations,
      `input %x: f16[4]  const %zero: f16[] = [0]  const %three: f16[] = [3]  const %six: f16[] = [6]
       const %sixth: f16[] = [0.16665649]  %r = Relu(%x)  %u = Min(%r, %six)
       ${clamped}  %m = Mul(%x, %c)  %y = Mul(%m, %sixth)  output "u" = %u  output "y" = %y`,
      `input %x: f16[4]  const %constant: f16[] = [0]  const %constant_1: f16[] = [6]
       %u = Clip(%x, %constant, %constant_1)  %y = HardSwish(%x)  output "u" = %u  output "y" = %y`,
    );
  });

  test('must not fire on f64 numbers that an attribute would round', () => {
    expectUnchanged(
      recomposeActivations,
      `input %x: f64[4]  const %zero: f64[] = [0]  const %one: f64[] = [1]
       const %slope: f64[1] = [0.1]  const %half: f64[] = [0.5]
       %m = Mul(%x, %slope)  %a = Add(%m, %half)  %h = Clip(%a, %zero, %one)
       %y = PRelu(%x, %slope)  output "h" = %h  output "y" = %y`,
    );
  });

  test('must not fire on integers, for which the division drops a fraction', () => {
    expectUnchanged(
      recomposeActivations,
      `input %x: i32[4]  const %zero: i32[] = [0]  const %one: i32[] = [1]
       const %three: i32[] = [3]  const %six: i32[] = [6]  ${clamped}  %m = Mul(%x, %c)  %y = Div(%m, %six)
       %d = Mul(%x, %six)  %e = Add(%d, %six)  %z = Clip(%e, %zero, %one)
       output "y" = %y  output "z" = %z`,
    );
  });

  test('must not fire on 64-bit bounds, which a number does not hold', () => {
    expectUnchanged(
      recomposeActivations,
      `input %x: i64[4]  const %low: i64[] = [0]  const %high: i64[] = [9223372036854775807]
       %r = Relu(%x)  %y = Clip(%r, %low, %high)  output "y" = %y`,
    );
  });

  test('keeps an infinite bound that no finite x keeps', () => {
    expectPass(
      recomposeActivations,
      `input %x: f32[4]  const %inf: f32[] = [inf]
       %a = Max(%x, %inf)  %y = Min(%a, %inf)  output "y" = %y`,
      `input %x: f32[4]  const %constant: f32[] = [inf]
       %y = Clip(%x, %constant)  output "y" = %y`,
    );
  });

  test('must not fire where a bound is −0, whose sign a quotient shows', () => {
    expectUnchanged(
      recomposeActivations,
      `input %x: f32[4]  const %zero: f32[] = [-0]  const %one: f32[] = [1]
       %y = Max(%x, %zero)
       %q = Div(%one, %y)
       output "q" = %q`,
    );
  });
});

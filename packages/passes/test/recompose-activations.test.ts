import { describe, test } from 'vitest';
import { recomposeActivations } from '../src/recompose-activations.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const constants = `const %zero: f32[] = [0]  const %half: f32[] = [0.5]  const %one: f32[1] = [1]
  const %three: f32[] = [3]  const %six: f32[] = [6]  const %sixth: f32[] = [0.16666667]
  const %root2: f32[] = [1.4142135]  const %coef: f32[] = [0.044715]
  const %root2pi: f32[] = [0.7978846]`;
const x = 'input %x: f32[1,2,4,4]';
const clamped = '%a = Add(%x, %three)  %c = Clip(%a, %zero, %six)';

const spellings: readonly [string, string, string][] = [
  ['x·sigmoid(x)', '%s = Sigmoid(%x)  %y = Mul(%s, %x)', 'Silu(%x)'],
  ['x·tanh(softplus(x))', '%s = Softplus(%x)  %t = Tanh(%s)  %y = Mul(%x, %t)', 'Mish(%x)'],
  ['(x·clip(x+3))/6', `${clamped}  %m = Mul(%x, %c)  %y = Div(%m, %six)`, 'HardSwish(%x)'],
  ['(clip(x+3)·x)·⅙', `${clamped}  %m = Mul(%c, %x)  %y = Mul(%m, %sixth)`, 'HardSwish(%x)'],
  ['(x/6)·clip(x+3)', `%d = Div(%x, %six)  ${clamped}  %y = Mul(%d, %c)`, 'HardSwish(%x)'],
  ['clip(x+3)·(⅙·x)', `%d = Mul(%sixth, %x)  ${clamped}  %y = Mul(%c, %d)`, 'HardSwish(%x)'],
  ['x·(clip(x+3)/6)', `${clamped}  %d = Div(%c, %six)  %y = Mul(%x, %d)`, 'HardSwish(%x)'],
  ['(⅙·clip(x+3))·x', `${clamped}  %d = Mul(%sixth, %c)  %y = Mul(%d, %x)`, 'HardSwish(%x)'],
  [
    'x·min(relu(x+3), 6)/6',
    '%a = Add(%three, %x)  %r = Relu(%a)  %c = Min(%r, %six)  %m = Mul(%x, %c)  %y = Div(%m, %six)',
    'HardSwish(%x)',
  ],
  [
    'x·hard_sigmoid(x)',
    '%h = HardSigmoid(%x) {alpha = 0.16666667f, beta = 0.5f}  %y = Mul(%x, %h)',
    'HardSwish(%x)',
  ],
  [
    'clip(x+3)/6',
    `${clamped}  %y = Div(%c, %six)`,
    'HardSigmoid(%x) {alpha = 0.16666667f, beta = 0.5}',
  ],
  [
    'clip(½·x+½, 0, 1)',
    '%m = Mul(%x, %half)  %a = Add(%m, %half)  %y = Clip(%a, %zero, %one)',
    'HardSigmoid(%x) {alpha = 0.5, beta = 0.5}',
  ],
  [
    'x·(1+erf(x/√2))·½',
    `%d = Div(%x, %root2)  %e = Erf(%d)  %a = Add(%e, %one)  %m = Mul(%x, %a)
     %y = Mul(%m, %half)`,
    'Gelu(%x)',
  ],
  [
    '(½·x)·(1+erf(x/√2))',
    `%h = Mul(%half, %x)  %d = Div(%x, %root2)  %e = Erf(%d)  %a = Add(%one, %e)
     %y = Mul(%h, %a)`,
    'Gelu(%x)',
  ],
  [
    '½·x·(1+tanh(…))',
    `%p = Pow(%x, %three)  %q = Mul(%coef, %p)  %r = Add(%x, %q)  %s = Mul(%root2pi, %r)
     %t = Tanh(%s)  %a = Add(%one, %t)  %h = Mul(%half, %x)  %y = Mul(%h, %a)`,
    'Gelu(%x) {approximate = "tanh"}',
  ],
];

describe('recompose-activations', () => {
  for (const [spelling, lines, result] of spellings) {
    test(`recognises ${spelling}`, () => {
      expectPass(
        recomposeActivations,
        `${x}  ${constants}  ${lines}  output "y" = %y`,
        `${x}  %y = ${result}  output "y" = %y`,
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

  test('must not fire on integers, for which the division drops a fraction', () => {
    const integers = constants.replaceAll('f32', 'i32').replaceAll(/\[\d\.\d+\]/g, '[9]');
    expectUnchanged(
      recomposeActivations,
      `input %x: i32[4]  ${integers}  ${clamped}  %m = Mul(%x, %c)  %y = Div(%m, %six)
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
       %y = Clip(%x, %constant, _)  output "y" = %y`,
    );
  });
});

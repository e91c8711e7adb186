/**
 * Activations as exporters and models spell them, over %x, f32[1,2,4,4], and the constants below.
 * The last value is %y.
 */

export const spellingInput = 'input %x: f32[1,2,4,4]';

export const spellingConstants = `const %zero: f32[] = [0]  const %half: f32[] = [0.5]
  const %one: f32[1] = [1]  const %two: f32[] = [2]  const %three: f32[] = [3]  const %six: f32[] = [6]
  const %sixth: f32[] = [0.16666667]  const %fifth: f32[] = [0.2]  const %inf: f32[] = [inf]
  const %root2: f32[] = [1.4142135]  const %invroot2: f32[] = [0.70710677]
  const %coef: f32[] = [0.044715]  const %root2pi: f32[] = [0.7978846]
  const %twenty: f32[] = [20]  const %slopes: f32[2,1,1] = [0.25, -0.5]`;

export interface Spelling {
  readonly what: string;
  readonly lines: string;
  /** What is left of it. */
  readonly result: string;
}

const clamped = '%a = Add(%x, %three)  %c = Clip(%a, %zero, %six)';
const erf = '%d = Div(%x, %root2)  %e = Erf(%d)  %g = Add(%e, %one)';
const cube = '%p = Pow(%x, %three)  %q = Mul(%coef, %p)';
const bend = '%r = Add(%x, %q)  %s = Mul(%root2pi, %r)  %t = Tanh(%s)  %g = Add(%one, %t)';
const halfGate = '%h = Mul(%half, %x)  %y = Mul(%h, %g)';

const sixth = 'HardSigmoid(%x) {alpha = 0.16666667f, beta = 0.5}';
const tanhGelu = 'Gelu(%x) {approximate = "tanh"}';

// biome-ignore format: a table
export const activationSpellings: readonly Spelling[] = [
  // Rectifiers.
  spell('max(x, 0)', '%y = Max(%x, %zero)', 'Relu(%x)'),
  spell('max(0, x)', '%y = Max(%zero, %x)', 'Relu(%x)'),
  spell('clip(x, 0, nothing)', '%y = Clip(%x, %zero)', 'Relu(%x)'),
  spell('clip(x, 0, ∞)', '%y = Clip(%x, %zero, %inf)', 'Relu(%x)'),
  spell('max(x, x/5)', '%m = Mul(%fifth, %x)  %y = Max(%m, %x)', 'LeakyRelu(%x) {alpha = 0.2f}'),
  spell('relu(x) + a·relu(−x)', '%p = Relu(%x)  %n = Neg(%x)  %r = Relu(%n)  %s = Mul(%half, %r)  %y = Add(%p, %s)', 'LeakyRelu(%x) {alpha = -0.5}'),
  spell('relu(x) − a·relu(−x)', '%p = Relu(%x)  %n = Neg(%x)  %r = Relu(%n)  %s = Mul(%slopes, %r)  %y = Sub(%p, %s)', 'PRelu(%x, %slopes)'),

  // The exponential ones.
  spell('1/(1+e^−x)', '%n = Neg(%x)  %e = Exp(%n)  %a = Add(%e, %one)  %y = Div(%one, %a)', 'Sigmoid(%x)'),
  spell('reciprocal(1+e^−x)', '%n = Neg(%x)  %e = Exp(%n)  %a = Add(%one, %e)  %y = Reciprocal(%a)', 'Sigmoid(%x)'),
  spell('x/(1+|x|)', '%b = Abs(%x)  %a = Add(%b, %one)  %y = Div(%x, %a)', 'Softsign(%x)'),
  spell('ln(1+e^x)', '%e = Exp(%x)  %a = Add(%e, %one)  %y = Log(%a)', 'Softplus(%x)'),
  spell('relu(x) + ln(1+e^−|x|)', '%p = Relu(%x)  %b = Abs(%x)  %n = Neg(%b)  %e = Exp(%n)  %a = Add(%e, %one)  %l = Log(%a)  %y = Add(%p, %l)', 'Softplus(%x)'),
  spell('where(x>20, x, softplus(x))', '%s = Softplus(%x)  %g = Greater(%x, %twenty)  %y = Where(%g, %x, %s)', 'Softplus(%x)'),

  // SiLU and mish.
  spell('x·sigmoid(x)', '%s = Sigmoid(%x)  %y = Mul(%x, %s)', 'Silu(%x)'),
  spell('sigmoid(x)·x', '%s = Sigmoid(%x)  %y = Mul(%s, %x)', 'Silu(%x)'),
  spell('x·1/(1+e^−x)', '%n = Neg(%x)  %e = Exp(%n)  %a = Add(%e, %one)  %s = Div(%one, %a)  %y = Mul(%x, %s)', 'Silu(%x)'),
  spell('x/(1+e^−x)', '%n = Neg(%x)  %e = Exp(%n)  %a = Add(%e, %one)  %y = Div(%x, %a)', 'Silu(%x)'),
  spell('x·tanh(softplus(x))', '%s = Softplus(%x)  %t = Tanh(%s)  %y = Mul(%x, %t)', 'Mish(%x)'),
  spell('tanh(ln(1+e^x))·x', '%e = Exp(%x)  %a = Add(%one, %e)  %l = Log(%a)  %t = Tanh(%l)  %y = Mul(%t, %x)', 'Mish(%x)'),

  // Hard-sigmoid.
  spell('clip(x+3, 0, 6)/6', `${clamped}  %y = Div(%c, %six)`, sixth),
  spell('⅙·clip(x+3, 0, 6)', `${clamped}  %y = Mul(%sixth, %c)`, sixth),
  spell('min(max(x+3, 0), 6)/6', '%a = Add(%three, %x)  %b = Max(%a, %zero)  %c = Min(%b, %six)  %y = Div(%c, %six)', sixth),
  spell('clip(x/6+½, 0, 1)', '%d = Div(%x, %six)  %a = Add(%d, %half)  %y = Clip(%a, %zero, %one)', sixth),
  spell('clip((x+3)/6, 0, 1)', '%a = Add(%x, %three)  %d = Div(%a, %six)  %y = Clip(%d, %zero, %one)', sixth),
  spell('clip((x+3)·⅙, 0, 1)', '%a = Add(%x, %three)  %d = Mul(%a, %sixth)  %y = Clip(%d, %zero, %one)', sixth),
  spell('clip(½·x+½, 0, 1)', '%m = Mul(%x, %half)  %a = Add(%m, %half)  %y = Clip(%a, %zero, %one)', 'HardSigmoid(%x) {alpha = 0.5, beta = 0.5}'),
  spell('clip(½·x−½, 0, 1)', '%m = Mul(%x, %half)  %a = Sub(%m, %half)  %y = Clip(%a, %zero, %one)', 'HardSigmoid(%x) {alpha = 0.5, beta = -0.5}'),
  spell('clip(½−½·x, 0, 1)', '%m = Mul(%x, %half)  %a = Sub(%half, %m)  %y = Clip(%a, %zero, %one)', 'HardSigmoid(%x) {alpha = -0.5, beta = 0.5}'),
  spell('clip(x+½, 0, 2)/2', '%a = Add(%x, %half)  %c = Clip(%a, %zero, %two)  %y = Div(%c, %two)', 'HardSigmoid(%x) {alpha = 0.5, beta = 0.25}'),

  // Hard-swish.
  spell('(x·clip(x+3))/6', `${clamped}  %m = Mul(%x, %c)  %y = Div(%m, %six)`, 'HardSwish(%x)'),
  spell('(clip(x+3)·x)·⅙', `${clamped}  %m = Mul(%c, %x)  %y = Mul(%m, %sixth)`, 'HardSwish(%x)'),
  spell('(x/6)·clip(x+3)', `%d = Div(%x, %six)  ${clamped}  %y = Mul(%d, %c)`, 'HardSwish(%x)'),
  spell('clip(x+3)·(⅙·x)', `%d = Mul(%sixth, %x)  ${clamped}  %y = Mul(%c, %d)`, 'HardSwish(%x)'),
  spell('x·(clip(x+3)/6)', `${clamped}  %d = Div(%c, %six)  %y = Mul(%x, %d)`, 'HardSwish(%x)'),
  spell('(⅙·clip(x+3))·x', `${clamped}  %d = Mul(%sixth, %c)  %y = Mul(%d, %x)`, 'HardSwish(%x)'),
  spell('x·min(relu(x+3), 6)/6', '%a = Add(%three, %x)  %r = Relu(%a)  %c = Min(%r, %six)  %m = Mul(%x, %c)  %y = Div(%m, %six)', 'HardSwish(%x)'),
  spell('x·clip(relu(x+3), 0, 6)/6', '%a = Add(%three, %x)  %r = Relu(%a)  %c = Clip(%r, %zero, %six)  %m = Mul(%x, %c)  %y = Div(%m, %six)', 'HardSwish(%x)'),
  spell('x·clip(x/6+½, 0, 1)', '%d = Div(%x, %six)  %a = Add(%d, %half)  %c = Clip(%a, %zero, %one)  %y = Mul(%x, %c)', 'HardSwish(%x)'),
  spell('x·hard_sigmoid(x)', '%h = HardSigmoid(%x) {alpha = 0.16666667f, beta = 0.5f}  %y = Mul(%x, %h)', 'HardSwish(%x)'),
  spell("x·hard_sigmoid(x) with Paddle's slope", '%h = HardSigmoid(%x) {alpha = 0.1666667f}  %y = Mul(%h, %x)', 'HardSwish(%x)'),

  // GELU.
  spell('x·(1+erf(x/√2))·½', `${erf}  %m = Mul(%x, %g)  %y = Mul(%m, %half)`, 'Gelu(%x)'),
  spell('½·(x·(1+erf(x/√2)))', `${erf}  %m = Mul(%g, %x)  %y = Mul(%half, %m)`, 'Gelu(%x)'),
  spell('(½·x)·(1+erf(x/√2))', `${erf}  ${halfGate}`, 'Gelu(%x)'),
  spell('x·(½·(1+erf(x/√2)))', `${erf}  %m = Mul(%half, %g)  %y = Mul(%x, %m)`, 'Gelu(%x)'),
  spell('x·(1+erf(x/√2))/2', `${erf}  %m = Mul(%x, %g)  %y = Div(%m, %two)`, 'Gelu(%x)'),
  spell('(x/2)·(1+erf(x/√2))', `${erf}  %m = Div(%x, %two)  %y = Mul(%m, %g)`, 'Gelu(%x)'),
  spell('x·((1+erf(x/√2))/2)', `${erf}  %m = Div(%g, %two)  %y = Mul(%m, %x)`, 'Gelu(%x)'),
  spell('x·(½+½·erf(x/√2))', '%d = Div(%x, %root2)  %e = Erf(%d)  %m = Mul(%e, %half)  %g = Add(%m, %half)  %y = Mul(%x, %g)', 'Gelu(%x)'),
  spell('x·(1+erf(x·√½))·½', '%d = Mul(%invroot2, %x)  %e = Erf(%d)  %g = Add(%e, %one)  %m = Mul(%x, %g)  %y = Mul(%m, %half)', 'Gelu(%x)'),
  spell('½·x·(1+tanh(… x³ by Pow))', `${cube}  ${bend}  ${halfGate}`, tanhGelu),
  spell('x·(½·(1+tanh(… x³ by Pow)))', `${cube}  ${bend}  %h = Mul(%half, %g)  %y = Mul(%x, %h)`, tanhGelu),
  spell('½·(x·(1+tanh(… x·(x·x))))', `%u = Mul(%x, %x)  %p = Mul(%x, %u)  %q = Mul(%coef, %p)  ${bend}  %m = Mul(%x, %g)  %y = Mul(%half, %m)`, tanhGelu),
  spell('½·x·(1+tanh(… (x·x)·(c·x)))', `%u = Mul(%x, %x)  %v = Mul(%coef, %x)  %q = Mul(%u, %v)  ${bend}  ${halfGate}`, tanhGelu),
  spell('½·x·(1+tanh(… ((c·x)·x)·x))', `%u = Mul(%coef, %x)  %v = Mul(%u, %x)  %q = Mul(%v, %x)  ${bend}  ${halfGate}`, tanhGelu),
  spell('½·x·(1+tanh(… c·x²·x by Pow))', `%u = Pow(%x, %two)  %v = Mul(%coef, %u)  %q = Mul(%v, %x)  ${bend}  ${halfGate}`, tanhGelu),
  spell('½·x·(1+tanh((k·x)·(1+(c·x)·x)))', `%u = Mul(%coef, %x)  %v = Mul(%u, %x)  %w = Add(%one, %v)  %k = Mul(%x, %root2pi)  %z = Mul(%k, %w)  %t = Tanh(%z)  %g = Add(%t, %one)  ${halfGate}`, tanhGelu),
  spell('½·x·(1+tanh(k·(x·(1+c·x²))))', `%u = Pow(%x, %two)  %v = Mul(%u, %coef)  %w = Add(%one, %v)  %k = Mul(%x, %w)  %z = Mul(%root2pi, %k)  %t = Tanh(%z)  %g = Add(%t, %one)  ${halfGate}`, tanhGelu),
  spell('x·(½+½·tanh(…))', '%p = Pow(%x, %three)  %q = Mul(%coef, %p)  %r = Add(%x, %q)  %s = Mul(%root2pi, %r)  %t = Tanh(%s)  %u = Mul(%half, %t)  %g = Add(%half, %u)  %y = Mul(%x, %g)', tanhGelu),
];

function spell(what: string, lines: string, result: string): Spelling {
  return { what, lines, result };
}

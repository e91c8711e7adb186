/**
 * Layer normalisation of %x, f32[2,3,4], as exporters and models spell it, with the constants below.
 * The last value is %y.
 */

import type { Spelling } from './activation-spellings.js';

export const normalizationInput = 'input %x: f32[2,3,4]';

export const normalizationConstants = `const %last: i64[1] = [-1]  const %two: f32[] = [2]
  const %half: f32[] = [0.5]  const %minushalf: f32[] = [-0.5]  const %one: f32[] = [1]
  const %eps: f32[] = [0.001]  const %gamma: f32[4] = [1, 2, -3, 0.5]
  const %beta: f32[4] = [0.5, 0, 1, -1]  const %broad: f32[1,1,4] = [1, 2, -3, 0.5]
  const %ones: f32[4] = splat 1`;

const centred = '%m = ReduceMean(%x, %last)  %d = Sub(%x, %m)';
const variance = '%q = Pow(%d, %two)  %v = ReduceMean(%q, %last)  %e = Add(%v, %eps)';
const deviation = `${centred}  ${variance}  %s = Sqrt(%e)`;
const inverse = `${deviation}  %r = Reciprocal(%s)`;
/** As tf.nn.moments and tf.nn.batch_normalization. */
const moments = `%m = ReduceMean(%x, %last)  %d = Sub(%x, %m)  %q = Mul(%d, %d)
  %v = ReduceMean(%q, %last)  %e = Add(%v, %eps)  %s = Sqrt(%e)  %r = Reciprocal(%s)`;
const joined = '%a = Mul(%x, %g)  %o = Mul(%m, %g)  %b = Sub(%beta, %o)  %y = Add(%a, %b)';

const plain = normal('%ones');
const scaled = normal('%gamma');
const affine = normal('%gamma, %beta');

// biome-ignore format: a table
export const normalizationSpellings: readonly Spelling[] = [
  spell('d / √(σ²+ε)', `${deviation}  %y = Div(%d, %s)`, plain),
  spell('d / √(ε+σ²), the square as a product', `${centred}  %q = Mul(%d, %d)  %v = ReduceMean(%q, %last)  %e = Add(%eps, %v)  %s = Sqrt(%e)  %y = Div(%d, %s)`, plain),
  spell('d / (σ²+ε)^½', `${centred}  ${variance}  %s = Pow(%e, %half)  %y = Div(%d, %s)`, plain),
  spell('d · reciprocal(√(σ²+ε))', `${inverse}  %y = Mul(%r, %d)`, plain),
  spell('d · (1 / √(σ²+ε))', `${deviation}  %r = Div(%one, %s)  %y = Mul(%d, %r)`, plain),
  spell('d · (σ²+ε)^−½', `${centred}  ${variance}  %r = Pow(%e, %minushalf)  %y = Mul(%d, %r)`, plain),
  spell('d / √(σ²+ε) · γ', `${deviation}  %n = Div(%d, %s)  %y = Mul(%n, %gamma)`, scaled),
  spell('γ · (d / √(σ²+ε)) + β', `${deviation}  %n = Div(%d, %s)  %k = Mul(%gamma, %n)  %y = Add(%k, %beta)`, affine),
  spell('β + d / √(σ²+ε)', `${deviation}  %n = Div(%d, %s)  %y = Add(%beta, %n)`, normal('%ones, %beta')),
  spell('(r · γ) · d + β', `${inverse}  %g = Mul(%r, %gamma)  %k = Mul(%g, %d)  %y = Add(%k, %beta)`, affine),
  spell('(d · γ) · r + β', `${inverse}  %g = Mul(%d, %gamma)  %k = Mul(%r, %g)  %y = Add(%k, %beta)`, affine),
  spell('x · g + (β − μ · g), where g = r · γ', `${moments}  %g = Mul(%r, %gamma)  ${joined}`, affine),
  spell('x · r + (β − μ · r)', `${moments}  ${joined.replaceAll('%g', '%r')}`, normal('%ones, %beta')),
  spell('x · g + (β − μ · g), where σ² is of μ − x', `${moments.replace('Sub(%x, %m)', 'Sub(%m, %x)')}  %g = Mul(%gamma, %r)  ${joined}`, affine),
];

function normal(operands: string): string {
  return `LayerNormalization(%x, ${operands}) {axis = -1, epsilon = 0.001f}`;
}

function spell(what: string, lines: string, result: string): Spelling {
  return { what, lines, result };
}

/**
 * The functions that shaders come with where WGSL has none, or one that is exact for few operands only.
 * A helper is written once for scalars and vectors; one that branches serves the lanes in turn.
 *
 * WGSL lets a compiler take for granted that no operand is infinite or NaN, so that tests for these
 * are made on bits.
 *
 * Sources: the polynomials are those of the Cephes library (`sinf`, `tanhf`, ...), within 2 or 3 units in
 * the last place; `rem` is musl's `fmodf`. WGSL's own functions may err more (`sin` by 2^-11, `asin` by
 * 7e-5, `atan` by 4096 units in the last place).
 */

import { CompilerError, erfCoefficients } from '@whittle/kernel';
import { floatText, largestFloat32 } from './float-text.js';
import { laneNames, valueType } from './types.js';

/** What a text is written with: the types, a constant of a type, and the names of other helpers. */
interface Spelling {
  readonly f: string;
  readonly i: string;
  readonly u: string;
  readonly b: string;
  /** A float in all lanes. */
  n(value: number): string;
  /** Any constant in all lanes. */
  all(type: 'i32' | 'u32', text: string): string;
  /** The function of another helper. */
  use(name: string, lanes?: boolean): string;
}

type Text = (spelling: Spelling) => string;

interface Helper {
  readonly text: Text;
  /** The names of the operands of a helper that branches, which is then called for lane after lane. */
  readonly branches?: { readonly operands: readonly string[] };
}

/** Notes that a shader needs the helper, and gives the name of its function. */
export type UseHelper = (name: HelperName, lanes?: boolean) => string;

const horner = (x: string, coefficients: readonly number[]): string =>
  coefficients
    .map((coefficient) => `${floatText(coefficient)}f`)
    .reduce((sum, coefficient) => `(${sum} * ${x} + ${coefficient})`)
    .replaceAll('+ -', '- ')
    .slice(1, -1);

/** A quarter turn in three parts, of which the first two have so few bits that products are exact. */
const quarterTurn = [1.5703125, 4.837512969970703e-4, 7.549789954891882e-8] as const;

/** `x` with its sine and cosine on a quarter turn around 0, and the number of quarter turns modulo 4. */
const quarterTurns = ({ f, n }: Spelling): string => `
  let turns = round(x * ${floatText(2 / Math.PI)}f);
  let r = ((x - turns * ${floatText(quarterTurn[0])}f) - turns * ${floatText(quarterTurn[1])}f) - turns * ${floatText(quarterTurn[2])}f;
  let z = r * r;
  let s = (${horner('z', [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1])}) * z * r + r;
  let c = (${horner('z', [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2])}) * z * z - 0.5f * z + ${n(1)};
  let quarter: ${f} = turns - 4.0f * floor(turns * 0.25f);`;

const helpers = {
  is_nan: {
    text: ({ f, u, b, all }) => `
fn NAME(x: ${f}) -> ${b} {
  return (bitcast<${u}>(x) & ${all('u32', '0x7fffffffu')}) > ${all('u32', '0x7f800000u')};
}`,
  },
  infinity: {
    text: () => `
var<private> infinity_bits: u32 = 0x7f800000u;
fn NAME() -> f32 {
  return bitcast<f32>(infinity_bits);
}`,
  },
  not_a_number: {
    text: () => `
var<private> nan_bits: u32 = 0x7fc00000u;
fn NAME() -> f32 {
  return bitcast<f32>(nan_bits);
}`,
  },
  /** Not known while the shader is compiled, so that no overflow of constants stops it. */
  runtime_f32: { text: () => '\nfn NAME(x: f32) -> f32 {\n  return x;\n}' },
  runtime_i32: { text: () => '\nfn NAME(x: i32) -> i32 {\n  return x;\n}' },
  runtime_u32: { text: () => '\nfn NAME(x: u32) -> u32 {\n  return x;\n}' },
  runtime_bool: { text: () => '\nfn NAME(x: bool) -> bool {\n  return x;\n}' },
  /** The larger of both, where the bound is not NaN. */
  at_least: {
    text: ({ f }) => `
fn NAME(x: ${f}, bound: ${f}) -> ${f} {
  return select(x, bound, x < bound);
}`,
  },
  at_most: {
    text: ({ f }) => `
fn NAME(x: ${f}, bound: ${f}) -> ${f} {
  return select(x, bound, x > bound);
}`,
  },
  maximum: {
    text: ({ f, use }) => `
fn NAME(a: ${f}, b: ${f}) -> ${f} {
  return select(select(b, a, a > b), a, ${use('is_nan')}(a));
}`,
  },
  minimum: {
    text: ({ f, use }) => `
fn NAME(a: ${f}, b: ${f}) -> ${f} {
  return select(select(b, a, a < b), a, ${use('is_nan')}(a));
}`,
  },
  /** Of NaN, and `log` of all that is not positive and finite, some adapters make any number. */
  exp_f32: {
    text: ({ f, use }) => `
fn NAME(x: ${f}) -> ${f} {
  return select(exp(x), x, ${use('is_nan')}(x));
}`,
  },
  log_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let zero = x == ${n(0)};
  let known = zero | (x > ${n(largestFloat32)});
  let y = select(log(x), select(x, ${f}(-${use('infinity', false)}()), zero), known);
  return select(y, ${f}(${use('not_a_number', false)}()), (x < ${n(0)}) | ${use('is_nan')}(x));
}`,
  },
  sign_f32: {
    text: ({ f, n }) => `
fn NAME(x: ${f}) -> ${f} {
  return select(select(x, ${n(-1)}, x < ${n(0)}), ${n(1)}, x > ${n(0)});
}`,
  },
  sin_f32: {
    text: (spelling) => `
fn NAME(x: ${spelling.f}) -> ${spelling.f} {${quarterTurns(spelling)}
  let either = select(s, c, (quarter == ${spelling.n(1)}) | (quarter == ${spelling.n(3)}));
  return select(either, -either, quarter >= ${spelling.n(2)});
}`,
  },
  cos_f32: {
    text: (spelling) => `
fn NAME(x: ${spelling.f}) -> ${spelling.f} {${quarterTurns(spelling)}
  let either = select(c, s, (quarter == ${spelling.n(1)}) | (quarter == ${spelling.n(3)}));
  return select(either, -either, (quarter == ${spelling.n(1)}) | (quarter == ${spelling.n(2)}));
}`,
  },
  tan_f32: {
    text: (spelling) => `
fn NAME(x: ${spelling.f}) -> ${spelling.f} {${quarterTurns(spelling)}
  return select(s / c, -c / s, (quarter == ${spelling.n(1)}) | (quarter == ${spelling.n(3)}));
}`,
  },
  asin_f32: {
    text: ({ f, n }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = abs(x);
  let far = size > ${n(0.5)};
  let z = select(size * size, 0.5f * (1.0f - size), far);
  let y = select(size, sqrt(z), far);
  let near = (${horner('z', [4.216319904e-2, 2.4181311049e-2, 4.5470025998e-2, 7.4953002686e-2, 1.6666752422e-1])}) * z * y + y;
  let angle = select(near, ${floatText(Math.PI / 2)}f - (near + near), far);
  return select(angle, -angle, x < ${n(0)});
}`,
  },
  acos_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = abs(x);
  let far = size > ${n(0.5)};
  let angle = ${use('asin_f32')}(select(x, sqrt(0.5f * (1.0f - size)), far));
  let side = angle + angle;
  return select(${floatText(Math.PI / 2)}f - angle, select(side, ${floatText(Math.PI)}f - side, x < ${n(0)}), far);
}`,
  },
  atan_f32: {
    text: ({ f, n }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = abs(x);
  let steep = size > ${n(Math.tan((3 * Math.PI) / 8))};
  let middle = size > ${n(Math.tan(Math.PI / 8))};
  let y = select(select(size, (size - 1.0f) / (size + 1.0f), middle), -1.0f / size, steep);
  let base = select(select(${n(0)}, ${n(Math.PI / 4)}, middle), ${n(Math.PI / 2)}, steep);
  let z = y * y;
  let angle = base + ((${horner('z', [8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1])}) * z * y + y);
  return select(angle, -angle, x < ${n(0)});
}`,
  },
  sinh_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = abs(x);
  let z = x * x;
  let near = (${horner('z', [2.03721912945e-4, 8.33028376239e-3, 1.66667160211e-1])}) * z * x + x;
  let root = ${use('exp_f32')}(0.5f * size);
  let far = (0.5f * root) * root - (0.5f / root) / root;
  return select(select(far, -far, x < ${n(0)}), near, size <= ${n(1)});
}`,
  },
  cosh_f32: {
    text: ({ f, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let root = ${use('exp_f32')}(0.5f * abs(x));
  return (0.5f * root) * root + (0.5f / root) / root;
}`,
  },
  tanh_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = ${use('at_most')}(abs(x), ${n(10)});
  let z = x * x;
  let near = (${horner('z', [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1])}) * z * x + x;
  let far = 1.0f - 2.0f / (${use('exp_f32')}(size + size) + 1.0f);
  return select(select(far, -far, x < ${n(0)}), near, size < ${n(0.625)});
}`,
  },
  asinh_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = abs(x);
  let z = x * x;
  let near = (${horner('z', [2.0122003309e-2, -4.2699340972e-2, 7.4847586088e-2, -1.6666288134e-1])}) * z * x + x;
  let large = size > ${n(1500)};
  let far = ${use('log_f32')}(select(size + sqrt(z + 1.0f), size, large)) + select(${n(0)}, ${n(Math.LN2)}, large);
  return select(select(far, -far, x < ${n(0)}), near, size < ${n(0.5)});
}`,
  },
  acosh_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let z = x - 1.0f;
  let near = (${horner('z', [1.7596881071e-3, -7.5272886713e-3, 2.6454905019e-2, -1.1784741703e-1, 1.4142135263])}) * sqrt(z);
  let large = x > ${n(1500)};
  let far = ${use('log_f32')}(select(x + sqrt(z * (x + 1.0f)), x, large)) + select(${n(0)}, ${n(Math.LN2)}, large);
  return select(far, near, z < ${n(0.5)});
}`,
  },
  atanh_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let z = x * x;
  let near = (${horner('z', [1.81740078349e-1, 8.24370301058e-2, 1.4669143173e-1, 1.997821645e-1, 3.33337300303e-1])}) * z * x + x;
  let far = 0.5f * ${use('log_f32')}((1.0f + x) / (1.0f - x));
  return select(far, near, abs(x) < ${n(0.5)});
}`,
  },
  erf_f32: {
    text: ({ f, n, use }) => `
fn NAME(x: ${f}) -> ${f} {
  let size = ${use('at_most')}(abs(x), ${n(6)});
  let z = x * x;
  let near = x * (${horner('z', erfCoefficients.near)});
  let t = 1.0f / (1.0f + size * 0.5f);
  let far = 1.0f - ${use('exp_f32')}(-size * size) * (${horner('t', erfCoefficients.far)});
  return select(select(far, -far, x < ${n(0)}), near, size <= ${n(1)});
}`,
  },
  rem_f32: {
    branches: { operands: ['x', 'y'] },
    text: ({ use }) => `
fn NAME(x: f32, y: f32) -> f32 {
  let sign = bitcast<u32>(x) & 0x80000000u;
  let a = bitcast<u32>(x) & 0x7fffffffu;
  let b = bitcast<u32>(y) & 0x7fffffffu;
  if ((b == 0u) || (a >= 0x7f800000u) || (b > 0x7f800000u)) {
    return ${use('not_a_number')}();
  }
  if (a < b) {
    return x;
  }
  var exponent = ${use('exponent_of')}(a);
  let last = ${use('exponent_of')}(b);
  var rest = ${use('significand_of')}(a);
  let divisor = ${use('significand_of')}(b);
  for (; exponent > last; exponent -= 1) {
    rest = select(rest, rest - divisor, rest >= divisor) << 1u;
  }
  rest = select(rest, rest - divisor, rest >= divisor);
  if (rest == 0u) {
    return bitcast<f32>(sign);
  }
  let shift = countLeadingZeros(rest) - 8u;
  rest = rest << shift;
  exponent -= i32(shift);
  if (exponent > 0) {
    return bitcast<f32>(((rest - 0x800000u) | (u32(exponent) << 23u)) | sign);
  }
  return bitcast<f32>((rest >> u32(1 - exponent)) | sign);
}`,
  },
  /** Of the bits of a finite float that is neither 0 nor negative, as if none were subnormal. */
  exponent_of: {
    text: () => `
fn NAME(bits: u32) -> i32 {
  let exponent = i32(bits >> 23u);
  return select(exponent, 9 - i32(countLeadingZeros(bits)), exponent == 0);
}`,
  },
  significand_of: {
    text: () => `
fn NAME(bits: u32) -> u32 {
  let subnormal = bits << ((countLeadingZeros(bits) - 8u) & 31u);
  return select((bits & 0x7fffffu) | 0x800000u, subnormal, bits < 0x800000u);
}`,
  },
  pow_f32: {
    branches: { operands: ['x', 'y'] },
    text: ({ use }) => `
fn NAME(x: f32, y: f32) -> f32 {
  let x_bits = bitcast<u32>(x) & 0x7fffffffu;
  let y_bits = bitcast<u32>(y) & 0x7fffffffu;
  if (y_bits == 0u) {
    return 1.0f;
  }
  if ((x_bits > 0x7f800000u) || (y_bits > 0x7f800000u)) {
    return ${use('not_a_number')}();
  }
  let size = abs(x);
  if (y_bits == 0x7f800000u) {
    if (size == 1.0f) {
      return ${use('not_a_number')}();
    }
    return select(0.0f, ${use('infinity')}(), (size > 1.0f) == (y > 0.0f));
  }
  let whole = trunc(y) == y;
  let odd = whole && (trunc(y * 0.5f) != y * 0.5f);
  var power = 0.0f;
  if ((x_bits == 0u) || (x_bits == 0x7f800000u)) {
    power = select(0.0f, ${use('infinity')}(), (x_bits != 0u) == (y > 0.0f));
  } else if (whole && (abs(y) <= 64.0f)) {
    power = 1.0f;
    var square = size;
    for (var rest = u32(abs(y)); rest > 0u; rest >>= 1u) {
      if ((rest & 1u) == 1u) {
        power *= square;
      }
      square *= square;
    }
    power = select(power, 1.0f / power, y < 0.0f);
  } else {
    power = exp2(clamp(y * log2(size), -200.0f, 200.0f));
  }
  if ((bitcast<u32>(x) >> 31u) == 0u) {
    return power;
  }
  if (odd) {
    return -power;
  }
  if (!whole && (x_bits != 0u) && (x_bits != 0x7f800000u)) {
    return ${use('not_a_number')}();
  }
  return power;
}`,
  },
  pow_i32: {
    text: ({ use }) => `
fn NAME(base: i32, power: i32) -> i32 {
  if (power < 0) {
    let sign = select(base, 1, (power & 1) == 0);
    return select(0, sign, (base == 1) || (base == -1));
  }
  return i32(${use('pow_u32')}(u32(base), u32(power)));
}`,
  },
  pow_u32: {
    text: () => `
fn NAME(base: u32, power: u32) -> u32 {
  var result = 1u;
  var square = base;
  for (var rest = power; rest > 0u; rest >>= 1u) {
    if ((rest & 1u) == 1u) {
      result *= square;
    }
    square *= square;
  }
  return result;
}`,
  },
  div_i32: {
    text: () => '\nfn NAME(a: i32, b: i32) -> i32 {\n  return select(a / b, 0, b == 0);\n}',
  },
  div_u32: {
    text: () => '\nfn NAME(a: u32, b: u32) -> u32 {\n  return select(a / b, 0u, b == 0u);\n}',
  },
  rem_i32: {
    text: () => '\nfn NAME(a: i32, b: i32) -> i32 {\n  return select(a % b, 0, b == 0);\n}',
  },
  rem_u32: {
    text: () => '\nfn NAME(a: u32, b: u32) -> u32 {\n  return select(a % b, 0u, b == 0u);\n}',
  },
  floordiv_i32: {
    text: () => `
fn NAME(a: i32, b: i32) -> i32 {
  let rest = a % b;
  let quotient = a / b - select(0, 1, (rest != 0) && ((rest < 0) != (b < 0)));
  return select(quotient, 0, b == 0);
}`,
  },
  floormod_i32: {
    text: () => `
fn NAME(a: i32, b: i32) -> i32 {
  let rest = a % b;
  return rest + select(0, b, (rest != 0) && ((rest < 0) != (b < 0)));
}`,
  },
  /** Shifts of 64-bit integers, of which 32 bits are kept: they count modulo 64. */
  shl_i64: { text: () => wideShift('i32', 'x << (by & 31u)', '0') },
  shl_u64: { text: () => wideShift('u32', 'x << (by & 31u)', '0u') },
  shr_i64: { text: () => wideShift('i32', 'x >> (by & 31u)', 'x >> 31u') },
  shr_u64: { text: () => wideShift('u32', 'x >> (by & 31u)', '0u') },
  /** A float truncated to an integer, clamped to what it holds; NaN gives 0. */
  f32_to_i32: {
    text: ({ f, i, n, all, use }) => `
fn NAME(x: ${f}) -> ${i} {
  let whole = select(${i}(x), ${all('i32', '2147483647i')}, x >= ${n(2 ** 31)});
  return select(whole, ${all('i32', '0i')}, ${use('is_nan')}(x));
}`,
  },
  f32_to_u32: {
    text: ({ f, u, n, all, use }) => `
fn NAME(x: ${f}) -> ${u} {
  let whole = select(${u}(x), ${all('u32', '4294967295u')}, x >= ${n(2 ** 32)});
  return select(whole, ${all('u32', '0u')}, ${use('is_nan')}(x));
}`,
  },
  /** Rounds to the nearest, where WGSL may give either neighbour. */
  u32_to_f32: {
    text: ({ f, u, all }) => `
fn NAME(x: ${u}) -> ${f} {
  return ${f}(x >> ${all('u32', '16u')}) * 65536.0f + ${f}(x & ${all('u32', '0xffffu')});
}`,
  },
  round_to_f16: {
    text: () => `
fn NAME(x: f32) -> f32 {
  let sign = bitcast<u32>(x) & 0x80000000u;
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  if (bits > 0x7f800000u) {
    return x;
  }
  if (bits >= 0x477ff000u) {
    return bitcast<f32>(sign | 0x7f800000u);
  }
  if (bits < 0x38800000u) {
    return bitcast<f32>(bitcast<u32>(round(abs(x) * 16777216.0f) * 5.9604645e-8f) | sign);
  }
  return bitcast<f32>(((bits + 0xfffu + ((bits >> 13u) & 1u)) & 0xffffe000u) | sign);
}`,
  },
  round_to_bf16: {
    text: () => `
fn NAME(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let rounded = (bits + 0x7fffu + ((bits >> 16u) & 1u)) & 0xffff0000u;
  return select(bitcast<f32>(rounded), x, (bits & 0x7fffffffu) > 0x7f800000u);
}`,
  },
} as const satisfies Readonly<Record<string, Helper>>;

export type HelperName = keyof typeof helpers;

function isHelperName(name: string): name is HelperName {
  return Object.hasOwn(helpers, name);
}

/** Every identifier that a helper may bring to a module. */
export const helperNames: readonly string[] = [
  ...Object.keys(helpers).flatMap((name) => [name, `${name}_lanes`]),
  ...['infinity_bits', 'nan_bits'],
];

/** The helpers that a shader turns out to need, each with those that it needs itself. */
export class UsedHelpers {
  readonly #texts = new Map<string, string>();

  readonly use: UseHelper = (name, lanes = false) => {
    const identifier = lanes ? `${name}_lanes` : name;
    if (!this.#texts.has(identifier)) {
      this.#texts.set(identifier, '');
      this.#texts.set(identifier, this.#textOf(name, lanes).replace('NAME', identifier).trim());
    }
    return identifier;
  };

  /** Their definitions, by name, so that the order in which they were asked for shows nowhere. */
  texts(): readonly string[] {
    return [...this.#texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  }

  #textOf(name: HelperName, lanes: boolean): string {
    const helper: Helper = helpers[name];
    if (lanes && helper.branches !== undefined) {
      return laneByLane(this.use(name), helper.branches.operands);
    }
    const all = (type: 'f32' | 'i32' | 'u32', text: string): string =>
      lanes ? `${valueType(type, true)}(${text})` : text;
    return helper.text({
      f: valueType('f32', lanes),
      i: valueType('i32', lanes),
      u: valueType('u32', lanes),
      b: valueType('bool', lanes),
      n: (value) => all('f32', `${floatText(value)}f`),
      all,
      use: (other, inLanes = lanes) => {
        if (!isHelperName(other)) throw new CompilerError('E_INTERNAL', `No helper "${other}".`);
        return this.use(other, inLanes);
      },
    });
  }
}

function laneByLane(scalar: string, operands: readonly string[]): string {
  const vector = valueType('f32', true);
  const params = operands.map((operand) => `${operand}: ${vector}`).join(', ');
  const calls = laneNames.map(
    (lane) => `    ${scalar}(${operands.map((operand) => `${operand}.${lane}`).join(', ')}),`,
  );
  return `fn NAME(${params}) -> ${vector} {\n  return ${vector}(\n${calls.join('\n')}\n  );\n}`;
}

function wideShift(type: string, near: string, far: string): string {
  return `
fn NAME(x: ${type}, by: u32) -> ${type} {
  return select(${near}, ${far}, (by & 32u) != 0u);
}`;
}

/**
 * The functions that ship inside a module, each only where a kernel calls it. They compute what the
 * interpreter of the loop IR computes, bit for bit.
 */

import { erfCoefficients } from '@whittle/kernel';

export interface RuntimeFunction {
  readonly params: readonly string[];
  /** Lines at the indentation of a module's function. */
  readonly body: string;
  /** Other functions of this table that it calls. */
  readonly calls?: readonly string[];
}

const runtime: Readonly<Record<string, RuntimeFunction>> = {
  roundHalfToEven: define(
    ['x'],
    `
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;`,
  ),
  erf: define(
    ['x'],
    `
  const size = Math.abs(x);
  if (size <= 1) {
    const z = x * x;
    return x * (${horner(erfCoefficients.near, 'z')});
  }
  const t = 1 / (1 + size / 2);
  const tail = Math.exp(-x * x) * (${horner(erfCoefficients.far, 't')});
  const value = size > 6 ? 1 : 1 - tail;
  return x < 0 ? -value : x > 0 ? value : x;`,
  ),
  powInt32: define(
    ['base', 'power'],
    `
  if (power < 0) return base === 1 || (base === -1 && power % 2 === 0) ? 1 : base === -1 ? -1 : 0;
  let result = 1;
  for (let square = base, rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;`,
  ),
  powInt64: define(
    ['base', 'power'],
    `
  if (power < 0n) return base === 1n || (base === -1n && power % 2n === 0n) ? 1n : base === -1n ? -1n : 0n;
  let result = 1n;
  for (let square = base, rest = power; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;`,
  ),
  divInt64: define(['a', 'b'], '\n  return b === 0n ? 0n : a / b;'),
  remInt64: define(['a', 'b'], '\n  return b === 0n ? 0n : a % b;'),
  floorDivInt64: define(
    ['a', 'b'],
    `
  if (b === 0n) return 0n;
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;`,
  ),
  floorModInt64: define(['a', 'b'], '\n  return b === 0n ? 0n : a - b * floorDivInt64(a, b);', [
    'floorDivInt64',
  ]),
  minInt64: define(['a', 'b'], '\n  return a < b ? a : b;'),
  maxInt64: define(['a', 'b'], '\n  return a > b ? a : b;'),
  absInt64: define(['x'], '\n  return x < 0n ? -x : x;'),
  signInt64: define(['x'], '\n  return x > 0n ? 1n : x < 0n ? -1n : 0n;'),
  floatToInt32: define(
    ['x'],
    '\n  return Math.trunc(Math.min(Math.max(x, -2147483648), 2147483647)) | 0;',
  ),
  floatToUint32: define(
    ['x'],
    '\n  return Math.trunc(Math.min(Math.max(x, 0), 4294967295)) >>> 0;',
  ),
  floatToInt64: define(
    ['x'],
    `
  if (x !== x) return 0n;
  if (x >= 2 ** 63) return 2n ** 63n - 1n;
  return x <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(x));`,
  ),
  floatToUint64: define(
    ['x'],
    `
  if (x !== x) return 0n;
  if (x >= 2 ** 64) return 2n ** 64n - 1n;
  return x <= 0 ? 0n : BigInt(Math.trunc(x));`,
  ),
  decodeFloat: define(
    ['bits', 'mantissaBits', 'bias'],
    `
  const sign = bits & 32768 ? -1 : 1;
  const exponent = (bits & 32767) >> mantissaBits;
  const mantissa = bits & ((1 << mantissaBits) - 1);
  if (exponent === 2 * bias + 1) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
  return sign * (mantissa + (1 << mantissaBits)) * 2 ** (exponent - bias - mantissaBits);`,
  ),
  encodeFloat: define(
    ['value', 'mantissaBits', 'bias'],
    `
  const infinity = (2 * bias + 1) << mantissaBits;
  if (value !== value) return infinity | (1 << (mantissaBits - 1));
  const sign = value < 0 || Object.is(value, -0) ? 32768 : 0;
  const size = Math.abs(value);
  if (size === Infinity) return sign | infinity;
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent--;
  else if (2 ** (exponent + 1) <= size) exponent++;
  exponent = Math.max(exponent, 1 - bias);
  const significand = roundHalfToEven(size / 2 ** (exponent - mantissaBits));
  return sign | Math.min((exponent + bias - 1) * (1 << mantissaBits) + significand, infinity);`,
    ['roundHalfToEven'],
  ),
  float16ToNumber: define(['bits'], '\n  return decodeFloat(bits, 10, 15);', ['decodeFloat']),
  numberToFloat16: define(['value'], '\n  return encodeFloat(value, 10, 15);', ['encodeFloat']),
  bfloat16ToNumber: define(['bits'], '\n  return decodeFloat(bits, 7, 127);', ['decodeFloat']),
  numberToBfloat16: define(['value'], '\n  return encodeFloat(value, 7, 127);', ['encodeFloat']),
};

export const runtimeNames: readonly string[] = Object.keys(runtime);

/** The functions named and all that they call, in the order of the table. */
export function runtimeFunctions(
  used: ReadonlySet<string>,
): readonly (RuntimeFunction & { readonly name: string })[] {
  const needed = new Set<string>();
  const need = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const callee of runtime[name]?.calls ?? []) need(callee);
  };
  for (const name of used) need(name);
  return Object.entries(runtime)
    .filter(([name]) => needed.has(name))
    .map(([name, definition]) => ({ name, ...definition }));
}

function define(
  params: readonly string[],
  text: string,
  calls: readonly string[] = [],
): RuntimeFunction {
  return { params, body: `${text.replace(/^\n/, '')}\n`, calls };
}

/** `((c0 * x + c1) * x + c2) * x + c3`: the order in which the interpreter multiplies and adds. */
function horner(coefficients: readonly number[], x: string): string {
  const [first = 0, ...others] = coefficients;
  return others.reduce((sum, coefficient, i) => {
    const inner = i === 0 ? sum : `(${sum})`;
    return coefficient < 0
      ? `${inner} * ${x} - ${-coefficient}`
      : `${inner} * ${x} + ${coefficient}`;
  }, String(first));
}

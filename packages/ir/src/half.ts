/**
 * Conversions of the 16-bit floats, which tensors hold as their bits: IEEE binary16 and bfloat16,
 * rounded to nearest, ties to even.
 */

interface Format {
  readonly mantissaBits: number;
  readonly bias: number;
}

const float16: Format = { mantissaBits: 10, bias: 15 };
const bfloat16: Format = { mantissaBits: 7, bias: 127 };

export function float16ToNumber(bits: number): number {
  return decode(bits, float16);
}

/** The bits of the nearest float16; NaN becomes the quiet NaN 0x7e00. */
export function numberToFloat16(value: number): number {
  return encode(value, float16);
}

export function bfloat16ToNumber(bits: number): number {
  return decode(bits, bfloat16);
}

/** The bits of the nearest bfloat16; NaN becomes the quiet NaN 0x7fc0. */
export function numberToBfloat16(value: number): number {
  return encode(value, bfloat16);
}

function decode(bits: number, { mantissaBits, bias }: Format): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> mantissaBits;
  const mantissa = bits & ((1 << mantissaBits) - 1);
  if (exponent === 2 * bias + 1) return mantissa === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
  return sign * (mantissa + (1 << mantissaBits)) * 2 ** (exponent - bias - mantissaBits);
}

function encode(value: number, { mantissaBits, bias }: Format): number {
  const infinity = (2 * bias + 1) << mantissaBits;
  if (Number.isNaN(value)) return infinity | (1 << (mantissaBits - 1));
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return sign | infinity;
  const exponent = Math.max(exponentOf(magnitude), 1 - bias);
  // The significand in units of the last place. Its leading bit adds 1 to the exponent field, and
  // so does a carry out of rounding; a subnormal number has no leading bit and gets the field 0.
  const significand = roundHalfToEven(magnitude / 2 ** (exponent - mantissaBits));
  const bits = (exponent + bias - 1) * (1 << mantissaBits) + significand;
  return sign | Math.min(bits, infinity);
}

function exponentOf(magnitude: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  return ((view.getUint16(0) >> 4) & 0x7ff) - 1023;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

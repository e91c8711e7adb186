/**
 * Numbers as text that reads back to the same bits: the fewest decimal digits that still round to
 * the number in its own precision, so that a float32 0.1 prints as `0.1`.
 */

import { type DType, dtypes } from '../dtype.js';
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from '../half.js';

/**
 * A `float` attribute: `0.1f` for the float32 nearest to 0.1, which is all that ONNX can hold, and
 * `0.1` for a double that no float32 equals. Always with a point or exponent, or else it is an int.
 */
export function formatFloatAttribute(value: number): string {
  const rounded = Math.fround(value);
  if (!Object.is(rounded, value)) return withPoint(String(value));
  const text = shortest(value, Math.fround);
  return Number.isFinite(value) ? `${withPoint(text)}f` : text;
}

/** The float of `0.5f`, `0.5`, `-inf` or `nan`. */
export function parseFloatAttribute(text: string): number {
  return /[\d.]f$/.test(text) ? Math.fround(Number(text.slice(0, -1))) : parseFloating(text);
}

/** One element as it lies in a typed array. */
export function formatElement(dtype: DType, raw: number | bigint): string {
  switch (dtype) {
    case 'float64':
      return shortest(Number(raw), (value) => value);
    case 'float32':
      return shortest(Number(raw), Math.fround);
    case 'float16':
      return shortest(float16ToNumber(Number(raw)), (value) =>
        float16ToNumber(numberToFloat16(value)),
      );
    case 'bfloat16':
      return shortest(bfloat16ToNumber(Number(raw)), (value) =>
        bfloat16ToNumber(numberToBfloat16(value)),
      );
    case 'bool':
      return raw === 0 ? 'false' : 'true';
    default:
      return String(raw);
  }
}

/** What to store in a typed array for an element; undefined where it is no element of the dtype. */
export function parseElement(dtype: DType, text: string): number | bigint | undefined {
  if (dtype === 'string') return undefined;
  if (dtype === 'bool') return text === 'true' ? 1 : text === 'false' ? 0 : undefined;
  if (dtypes[dtype].kind !== 'float') return parseInteger(dtype, text);
  const value = parseFloating(text);
  if (Number.isNaN(value) && text !== 'nan') return undefined;
  if (dtype === 'float16') return numberToFloat16(value);
  return dtype === 'bfloat16' ? numberToBfloat16(value) : value;
}

function parseInteger(dtype: DType, text: string): number | bigint | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const { bytes, kind } = dtypes[dtype];
  const value = BigInt(text);
  const fits =
    kind === 'signed' ? BigInt.asIntN(8 * bytes, value) : BigInt.asUintN(8 * bytes, value);
  if (fits !== value) return undefined;
  return bytes === 8 ? value : Number(value);
}

function parseFloating(text: string): number {
  return text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
}

/** The shortest decimal that `round` takes to `value`. */
function shortest(value: number, round: (value: number) => number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits <= 16; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (round(candidate) === value) return String(candidate);
  }
  return String(value);
}

function withPoint(text: string): string {
  return /[.en]/.test(text) ? text : `${text}.0`;
}

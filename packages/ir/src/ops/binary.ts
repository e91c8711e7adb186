/**
 * Elementwise ops of two inputs, broadcast together, one row each.
 */

import { type Dim, dimEquals, isBound, modDims, mulDims } from '../dim.js';
import { type DType, isFloat } from '../dtype.js';
import type { AttributeSpec, InferContext, OpRecord, Traits } from '../op-record.js';
import { broadcastDims } from './broadcast.js';
import { type DTypeClass, requireDType, requireOneOf, requireSameDType } from './checks.js';
import {
  divideElements,
  equalElements,
  isNonNegative,
  multiplyElements,
  sumElements,
} from './element-arithmetic.js';
import { foldElements, outputOf } from './known-elements.js';
import { formals, int, required, string } from './signature.js';

interface BinaryDetails {
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  readonly commutative?: boolean;
  readonly result?: DType;
  /** Whether the second input may be of another dtype, as the exponent of Pow. */
  readonly mixed?: boolean;
  readonly check?: (context: InferContext) => unknown;
  /** The op on elements that inference knows; `dtype` is that of the inputs. */
  readonly element?: (a: Dim, b: Dim, dtype: DType, context: InferContext) => Dim | undefined;
}

const swaps = { commutative: true } as const;
const direction = { direction: required(string()) };
const checkDirection = (context: InferContext) =>
  requireOneOf(context, 'direction', ['LEFT', 'RIGHT']);

// biome-ignore format: a table
export const binaryOps: readonly OpRecord[] = [
  binary('Add', 14, 'a + b', 'number', { ...swaps, element: sumElements }),
  binary('Sub', 14, 'a - b', 'number', { element: (a, b) => sumElements(a, mulDims(-1, b)) }),
  binary('Mul', 14, 'a * b', 'number', { ...swaps, element: multiplyElements }),
  binary('Div', 14, 'a / b; of integers, the fraction is dropped', 'number', { element: divide }),
  binary('Pow', 15, 'a to the power of b', 'number', { mixed: true, element: (a, b) => onNumbers(a, b, (x, y) => x ** y) }),
  binary('Mod', 13, 'the remainder of a / b, with the sign of b, or of a if fmod', 'number', { attributes: { fmod: int(0) }, element: remainder }),

  binary('Equal', 19, 'whether a = b', 'any', { ...swaps, result: 'bool', element: equalElements }),
  binary('Less', 13, 'whether a < b', 'number', { result: 'bool', element: lessElements }),
  binary('LessOrEqual', 16, 'whether a <= b', 'number', { result: 'bool', element: (a, b) => invert(lessElements(b, a)) }),
  binary('Greater', 13, 'whether a > b', 'number', { result: 'bool', element: (a, b) => lessElements(b, a) }),
  binary('GreaterOrEqual', 16, 'whether a >= b', 'number', { result: 'bool', element: (a, b) => invert(lessElements(a, b)) }),

  binary('And', 7, 'whether a and b', 'bool', { ...swaps, element: (a, b) => onNumbers(a, b, Math.min) }),
  binary('Or', 7, 'whether a or b', 'bool', { ...swaps, element: (a, b) => onNumbers(a, b, Math.max) }),
  binary('Xor', 7, 'whether a or b, not both', 'bool', { ...swaps, element: (a, b) => onNumbers(a, b, (x, y) => (x === y ? 0 : 1)) }),

  binary('BitwiseAnd', 18, 'the bits set in a and in b', 'integer', swaps),
  binary('BitwiseOr', 18, 'the bits set in a or in b', 'integer', swaps),
  binary('BitwiseXor', 18, 'the bits set in a or in b, not in both', 'integer', swaps),
  binary('BitShift', 11, 'a shifted by b bits, LEFT or RIGHT', 'integer', { attributes: direction, check: checkDirection }),
];

function binary(
  name: string,
  since: number,
  summary: string,
  takes: DTypeClass,
  details: BinaryDetails = {},
): OpRecord {
  const { element, result } = details;
  const traits: Traits = { fusion: 'elementwise' };
  return {
    name,
    since,
    summary,
    inputs: formals('A B'),
    outputs: formals('C'),
    attributes: details.attributes ?? {},
    traits: details.commutative ? { ...traits, commutative: true } : traits,
    infer: (context) => {
      const operand = requireDType(context, 0, takes);
      if (details.mixed) requireDType(context, 1, takes);
      else requireSameDType(context, [0, 1]);
      details.check?.(context);
      const dtype = result ?? operand;
      const dims = broadcastDims(context, [context.input(0).dims, context.input(1).dims]);
      const fold = ([a, b]: readonly Dim[]) =>
        a === undefined || b === undefined ? undefined : element?.(a, b, operand, context);
      return [outputOf(dtype, dims, element && foldElements(context, dtype, dims, fold))];
    },
  };
}

function divide(a: Dim, b: Dim, dtype: DType): Dim | undefined {
  if (!isFloat(dtype)) return divideElements(a, b);
  return onNumbers(a, b, (x, y) => x / y);
}

function remainder(a: Dim, b: Dim, _dtype: DType, context: InferContext): Dim | undefined {
  if (b === 0) return undefined;
  if (isBound(a) && isBound(b)) return context.int('fmod') === 0 ? modDims(a, b) : a % b;
  return isNonNegative(a) && isNonNegative(b) ? modDims(a, b) : undefined;
}

function lessElements(a: Dim, b: Dim): Dim | undefined {
  if (isBound(a) && isBound(b)) return a < b ? 1 : 0;
  if (dimEquals(a, b)) return 0;
  if (isBound(a) && a < 0 && isNonNegative(b)) return 1;
  if (isBound(b) && b <= 0 && isNonNegative(a)) return 0;
  return undefined;
}

function invert(truth: Dim | undefined): Dim | undefined {
  return truth === undefined ? undefined : truth === 0 ? 1 : 0;
}

function onNumbers(a: Dim, b: Dim, f: (a: number, b: number) => number): Dim | undefined {
  return isBound(a) && isBound(b) ? f(a, b) : undefined;
}

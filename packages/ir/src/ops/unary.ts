/**
 * Elementwise ops of one input, one row each: name, opset, formula, dtypes taken, and what is
 * special. Formulas are those of the ONNX operator reference.
 */

import type { Dim } from '../dim.js';
import { isBound, mulDims } from '../dim.js';
import type { DType } from '../dtype.js';
import type { AttributeSpec, OpRecord } from '../op-record.js';
import { type DTypeClass, requireDType } from './checks.js';
import { isNonNegative } from './element-arithmetic.js';
import { foldElements, outputOf } from './known-elements.js';
import { float, formals, int, string } from './signature.js';

interface UnaryDetails {
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  readonly idempotent?: boolean;
  /** The dtype of the result, where it is not that of the input. */
  readonly result?: DType;
  /** The op on an element that inference knows. */
  readonly element?: (x: Dim) => Dim | undefined;
}

const alpha = (value: number) => ({ alpha: float(value) });
const whole = { idempotent: true } as const;

// biome-ignore format: a table
export const unaryOps: readonly OpRecord[] = [
  unary('Abs', 13, '|x|', 'number', { ...whole, element: absolute }),
  unary('Neg', 13, '-x', 'number', { element: (x) => mulDims(-1, x) }),
  unary('Sign', 13, '-1, 0 or 1, as x is below, at or above 0', 'number', { ...whole, element: (x) => onNumber(x, Math.sign) }),
  unary('Floor', 13, 'the largest whole number not above x', 'float', { ...whole, element: (x) => (isBound(x) ? Math.floor(x) : x) }),
  unary('Ceil', 13, 'the smallest whole number not below x', 'float', { ...whole, element: (x) => (isBound(x) ? Math.ceil(x) : x) }),
  unary('Round', 11, 'the nearest whole number, halves to even', 'float', { ...whole, element: (x) => (isBound(x) ? roundHalfToEven(x) : x) }),
  unary('Reciprocal', 13, '1 / x', 'float', { element: (x) => onNumber(x, (n) => 1 / n) }),
  unary('Sqrt', 13, 'the square root of x', 'float', { element: (x) => onNumber(x, Math.sqrt) }),
  unary('Exp', 13, 'e^x', 'float'),
  unary('Log', 13, 'the natural logarithm of x', 'float'),
  unary('Erf', 13, 'the error function of x', 'number'),

  unary('Relu', 14, 'max(x, 0)', 'number', { ...whole, element: (x) => (isNonNegative(x) ? x : onNumber(x, () => 0)) }),
  unary('LeakyRelu', 16, 'x if x >= 0, else alpha * x', 'float', { attributes: alpha(0.01) }),
  unary('Elu', 6, 'x if x >= 0, else alpha * (e^x - 1)', 'float', { attributes: alpha(1) }),
  unary('Selu', 6, 'gamma * (x if x > 0, else alpha * (e^x - 1))', 'float', { attributes: { alpha: float(1.6732631921768188), gamma: float(1.0507010221481323) } }),
  unary('Celu', 12, 'max(0, x) + min(0, alpha * (e^(x / alpha) - 1))', 'float', { attributes: alpha(1) }),
  unary('ThresholdedRelu', 10, 'x if x > alpha, else 0', 'float', { attributes: alpha(1) }),
  unary('Sigmoid', 13, '1 / (1 + e^-x)', 'float'),
  unary('HardSigmoid', 6, 'max(0, min(1, alpha * x + beta))', 'float', { attributes: { alpha: float(0.2), beta: float(0.5) } }),
  unary('HardSwish', 14, 'x * max(0, min(1, x / 6 + 1/2))', 'float'),
  unary('Silu', undefined, 'x * sigmoid(x)', 'float'),
  unary('Softplus', 1, 'ln(1 + e^x)', 'float'),
  unary('Softsign', 1, 'x / (1 + |x|)', 'float'),
  unary('Tanh', 13, 'the hyperbolic tangent of x', 'float'),
  unary('Gelu', 20, 'x * (1 + erf(x / sqrt(2))) / 2, or its tanh approximation', 'float', { attributes: { approximate: string('none') } }),
  unary('Mish', 18, 'x * tanh(ln(1 + e^x))', 'float'),
  unary('Shrink', 9, 'x + bias if x < -lambd, x - bias if x > lambd, else 0', 'number', { attributes: { bias: float(0), lambd: float(0.5) } }),

  unary('Sin', 7, 'the sine of x', 'float'),
  unary('Cos', 7, 'the cosine of x', 'float'),
  unary('Tan', 7, 'the tangent of x', 'float'),
  unary('Asin', 7, 'the arcsine of x', 'float'),
  unary('Acos', 7, 'the arccosine of x', 'float'),
  unary('Atan', 7, 'the arctangent of x', 'float'),
  unary('Sinh', 9, 'the hyperbolic sine of x', 'float'),
  unary('Cosh', 9, 'the hyperbolic cosine of x', 'float'),
  unary('Asinh', 9, 'the inverse hyperbolic sine of x', 'float'),
  unary('Acosh', 9, 'the inverse hyperbolic cosine of x', 'float'),
  unary('Atanh', 9, 'the inverse hyperbolic tangent of x', 'float'),

  unary('Not', 1, 'whether x is false', 'bool', { element: (x) => onNumber(x, (n) => (n === 0 ? 1 : 0)) }),
  unary('BitwiseNot', 18, 'x with all bits flipped', 'integer'),
  unary('IsNaN', 20, 'whether x is not a number', 'float', { result: 'bool' }),
  unary('IsInf', 20, 'whether x is infinite', 'float', { result: 'bool', attributes: { detect_negative: int(1), detect_positive: int(1) } }),
];

function unary(
  name: string,
  since: number | undefined,
  summary: string,
  takes: DTypeClass,
  details: UnaryDetails = {},
): OpRecord {
  const { element, result, idempotent } = details;
  return {
    name,
    summary,
    ...(since === undefined ? {} : { since }),
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes: details.attributes ?? {},
    traits: idempotent ? { fusion: 'elementwise', idempotent } : { fusion: 'elementwise' },
    infer: (context) => {
      const operand = requireDType(context, 0, takes);
      const dtype = result ?? operand;
      const { dims } = context.input(0);
      const fold = ([x]: readonly Dim[]) => (x === undefined ? undefined : element?.(x));
      return [outputOf(dtype, dims, element && foldElements(context, dtype, dims, fold))];
    },
  };
}

function absolute(x: Dim): Dim | undefined {
  return isNonNegative(x) ? x : onNumber(x, Math.abs);
}

/** A function of a number; what it gives for a symbolic element is not known. */
function onNumber(x: Dim, f: (x: number) => number): Dim | undefined {
  return isBound(x) ? f(x) : undefined;
}

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

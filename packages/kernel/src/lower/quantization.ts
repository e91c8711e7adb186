/**
 * QuantizeLinear and DequantizeLinear, element by element, and the rounding they share with products of
 * quantized tensors.
 *
 * Vocabulary: a *parameter* of a quantization is its scale or its zero point.
 */

import { dtypes, optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, floordiv, isLiteral, literal, mul, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { origin } from './axis-loops.js';
import { coordinate, normalizeAxis, withCoordinate } from './index-math.js';
import type { ElementContext, ElementType, LoweringRule, Operand } from './rule.js';
import { settled } from './settled.js';
import { broadcastsFrom } from './tails.js';

const reads: NonNullable<LoweringRule['reads']> = (_, input) => (input === 0 ? 'once' : 'many');

export const quantizationRules: Readonly<Record<string, LoweringRule>> = {
  QuantizeLinear: {
    reads,
    allowsTails: broadcastsFrom(0),
    element: (context, block, at) => {
      const operand = context.operand(0);
      const x = toFloat(settled(operand, operand.read(block, at)));
      const scale = toFloat(parameterAt(context, block, 1, at));
      const zero = context.has(2) ? parameterAt(context, block, 2, at) : undefined;
      const quotient = inPrecision(context, rounded(binary('div', x, scale)));
      return quantized(quotient, zero, context.outputType(0));
    },
  },
  DequantizeLinear: {
    reads,
    isCheap: true,
    allowsTails: broadcastsFrom(0),
    element: (context, block, at) => {
      const x = context.operand(0).read(block, at);
      const zero = context.has(2) ? parameterAt(context, block, 2, at) : undefined;
      return mul(toFloat(lessZero(x, zero)), toFloat(parameterAt(context, block, 1, at)));
    },
  },
};

/**
 * `saturate(round(x) + zero)` of a float, in an integer type of 8 or 16 bits. It is kept inside of what can
 * be stored before it is rounded, which targets may then do as they turn it into an integer.
 */
export function quantized(x: Expr, zero: Expr | undefined, dtype: ElementType): Expr {
  const { bytes, kind } = dtypes[dtype];
  const count = 2 ** (8 * bytes);
  const [low, high] = kind === 'signed' ? [-count / 2, count / 2 - 1] : [0, count - 1];
  const least = binary('max', x, boundLess(low, zero));
  const whole = cast(unary('round', binary('min', least, boundLess(high, zero))), 'int32');
  return cast(isZero(zero) ? whole : add(whole, toInt32(zero)), dtype);
}

/** A bound as a float, less the zero point that is added later. */
function boundLess(bound: number, zero: Expr | undefined): Expr {
  if (isZero(zero)) return literal('float32', bound);
  if (isLiteral(zero)) return literal('float32', bound - Number(zero.value));
  return cast(sub(literal('int32', bound), toInt32(zero)), 'float32');
}

/** `x − zero` of quantized elements, in int32. */
export function lessZero(x: Expr, zero: Expr | undefined): Expr {
  return isZero(zero) ? toInt32(x) : sub(toInt32(x), toInt32(zero));
}

function isZero(zero: Expr | undefined): zero is undefined {
  return zero === undefined || (isLiteral(zero) && Number(zero.value) === 0);
}

function toInt32(x: Expr): Expr {
  return isLiteral(x) ? literal('int32', x.value) : cast(x, 'int32');
}

export function toFloat(x: Expr): Expr {
  return isLiteral(x) ? literal('float32', x.value) : cast(x, 'float32');
}

/** Rounded to `float32` also where registers hold more, so that what is halfway there is so here. */
export function rounded(x: Expr): Expr {
  return { kind: 'cast', dtype: 'float32', x };
}

/** The quotient, in a type of 16 bits where the node names one. */
function inPrecision({ node }: ElementContext, quotient: Expr): Expr {
  const code = optionalAttribute(node, 'precision', 'int');
  for (const half of ['float16', 'bfloat16'] as const) {
    if (code === dtypes[half].code) return cast(cast(quotient, half), 'float32');
  }
  return quotient;
}

/** A parameter of the element at an index: there is one, one for each index of an axis, or one for each block. */
function parameterAt(
  context: ElementContext,
  block: Block,
  input: number,
  at: readonly Expr[],
): Expr {
  const { node } = context;
  const operand = context.operand(input);
  if (isOne(operand)) return operand.read(block, origin(operand.dims));
  const axis = normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? 1, at.length);
  const size = optionalAttribute(node, 'block_size', 'int') ?? 0;
  if (size === 0) return operand.read(block, [coordinate(at, axis)]);
  return operand.read(block, withCoordinate(at, axis, floordiv(coordinate(at, axis), size)));
}

export function isOne({ dims }: Operand): boolean {
  return dims.every((dim) => dim === 1);
}

/**
 * The parameters of quantized inputs, as the rules of integer products read them: zero points that are
 * taken away before anything is multiplied, and the factor by which a sum becomes a quantized element.
 */

import { integersOf, numbersOf } from '@whittle/ir';
import type { Block } from '../block.js';
import { binary, cast, index, literal, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { quantized, rounded, toFloat } from './quantization.js';
import type { ElementContext, KernelContext } from './rule.js';

/**
 * A zero point that is the same for all elements of an input and known: then the code holds it.
 * Undefined where it is not; 0 where there is none.
 */
export function knownZero({ node, has }: ElementContext, input: number): Expr | undefined {
  if (!has(input)) return literal('int32', 0);
  const [first, ...others] = integersOf(node.inputs[input]) ?? [];
  const isSame = first !== undefined && others.every((other) => other === first);
  return isSame ? literal('int32', first) : undefined;
}

/** The inputs that hold the scales of the two operands and of the result, and the result's zero point. */
export interface Requantization {
  readonly scales: readonly [a: number, b: number, y: number];
  readonly zero: number;
}

/** Where the parameters of a sum are read: that of an input, at the place of the sum. */
export type ReadParameter = (block: Block, input: number) => Expr;

/**
 * How a sum of int32 becomes an element of output 0: times a factor, rounded half to even, plus the zero
 * point, saturated. The factor is `a · b / y` in float32, as onnxruntime has it; where the scales are
 * constants of one number for `a` and `y`, it is packed: one, or one for each index that `b` has.
 */
export function requantizer(
  context: KernelContext,
  { scales, zero }: Requantization,
): (block: Block, sum: Expr, at: Expr, read: ReadParameter) => Expr {
  const packed = packedFactors(context, scales);
  const [a, b, y] = scales;
  return (block, sum, at, read) => {
    const scale = (input: number): Expr => toFloat(read(block, input));
    const factor =
      packed === undefined
        ? rounded(binary('div', rounded(mul(scale(a), scale(b))), scale(y)))
        : load(packed.param, 'float32', packed.count === 1 ? index(0) : at);
    const scaled = rounded(mul(cast(sum, 'float32'), factor));
    return quantized(scaled, read(block, zero), context.outputType(0));
  };
}

interface PackedFactors {
  readonly param: string;
  readonly count: number;
}

function packedFactors(
  context: KernelContext,
  scales: readonly [number, number, number],
): PackedFactors | undefined {
  const [a, b, y] = scales.map((input) => {
    const { constant } = context.node.inputs[input] ?? {};
    return constant?.dtype === 'float32' ? numbersOf(constant) : undefined;
  });
  const isVector = context.inputDims(scales[1]).filter((dim) => dim !== 1).length <= 1;
  if (!a || !b || !y || a.length !== 1 || y.length !== 1 || !isVector) return undefined;
  const factors = Float32Array.from(b, (scale) =>
    Math.fround(Math.fround(Math.fround(a[0] ?? 1) * scale) / (y[0] ?? 1)),
  );
  return { param: context.pack('m', factors), count: factors.length };
}

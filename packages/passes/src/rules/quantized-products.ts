/**
 * Convolutions and products of dequantised operands whose result is quantised again, as the ops that
 * compute them in integers. A ReLU or a Clip before the result is quantised is most often what
 * saturation does anyway; where it is not, it is applied to the integers.
 */

import {
  any,
  type Node,
  numbersOf,
  op,
  type RewriteRule,
  type Rewriter,
  type Tensor,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { type Bounds, clipBounds } from '../shared/constants.js';
import { floatsOf } from '../shared/floats.js';
import {
  dequantizedFrom,
  isOfBytes,
  oneScale,
  oneZero,
  productsOf,
  type Quantized,
  quantizedAs,
  rangeOfBytes,
  zeroOf,
} from '../shared/quantization.js';

export const quantizedProducts: readonly RewriteRule[] = [
  {
    algebra:
      'quantize(clip(product(dequantize(a), dequantize(b)))) → clip(quantized_product(a, b))',
    pattern: op('QuantizeLinear', any('numbers')),
    build: ({ root }, rewriter) => {
      const to = quantizedAs(root, root.outputs[0]);
      if (!to || !isOfBytes(to)) return undefined;
      const { product, bounds } = beforeClamp(root.inputs[0], rewriter);
      if (product === undefined || bounds === undefined) return undefined;
      const result = quantizedProduct(product, to, rewriter);
      return result && clamped(result, to, bounds, rewriter);
    },
  },
];

/** The only reader of what it reads: the product, and between which bounds its result is kept. */
function beforeClamp(
  numbers: Value | undefined,
  rewriter: Rewriter,
): { readonly product?: Node | undefined; readonly bounds?: Bounds | undefined } {
  const last = producerOfOne(numbers, rewriter);
  if (last?.op === 'Relu') {
    return { product: producerOfOne(last.inputs[0], rewriter), bounds: { low: 0, high: Infinity } };
  }
  if (last?.op === 'Clip') {
    return { product: producerOfOne(last.inputs[0], rewriter), bounds: clipBounds(last) };
  }
  return { product: last, bounds: { low: -Infinity, high: Infinity } };
}

/** The producer of a value that nothing else reads. */
function producerOfOne(value: Value | undefined, rewriter: Rewriter): Node | undefined {
  return value && rewriter.useCount(value) === 1 ? rewriter.producerOf(value) : undefined;
}

function quantizedProduct(product: Node, to: Quantized, rewriter: Rewriter): Value | undefined {
  const [a, b] = product.inputs.map((input) => dequantizedFrom(input, rewriter));
  if (!a || !b || !isOfBytes(a) || !isOfBytes(b)) return undefined;
  const scales = productsOf(a, b);
  const isKnown = scales !== undefined && oneScale(to) !== undefined;
  if (!isKnown || product.attributes.activation !== undefined) return undefined;
  const parameters = (x: Quantized): readonly Value[] => [x.scale, zeroOf(x, rewriter)];
  const operands = [a.x, ...parameters(a), b.x, ...parameters(b), ...parameters(to)];
  const named = { name: product.name };
  if (product.op === 'MatMul') {
    const rank = b.x.type?.dims.length;
    if (b.axis !== undefined && (rank !== 2 || b.axis !== 1)) return undefined;
    return rewriter.op('QLinearMatMul', operands, {}, named);
  }
  if (product.op !== 'Conv' || product.inputs[3] || (b.axis ?? 0) !== 0) return undefined;
  const [channels] = b.x.constant?.dims ?? [];
  if (channels === undefined) return undefined;
  const [, , bias] = product.inputs;
  const integers = bias && integerBias(bias, scales, rewriter);
  if (bias && !integers) return undefined;
  const offsets = integers && rewriter.constant(integers, bias?.name);
  return rewriter.op('QLinearConv', [...operands, offsets], product.attributes, named);
}

/** A bias in units of the products' scales, rounded; undefined where it is not known, or too large for int32. */
function integerBias(
  bias: Value,
  scales: readonly number[],
  rewriter: Rewriter,
): Tensor | undefined {
  const numbers = knownNumbers(bias, rewriter);
  if (numbers === undefined) return undefined;
  const integers = numbers.map((number, i) => Math.round(number / (scales[i] ?? scales[0] ?? 1)));
  const fit = integers.every((integer) => Math.abs(integer) < 2 ** 31);
  return fit ? tensorOf('int32', [integers.length], integers) : undefined;
}

/** The elements of a 1-d constant, or of one that is dequantised. */
export function knownNumbers(
  value: Value,
  rewriter: Pick<Rewriter, 'producerOf'>,
): readonly number[] | undefined {
  const floats = floatsOf(value.constant);
  if (floats !== undefined) return value.constant?.dims.length === 1 ? [...floats] : undefined;
  const from = dequantizedFrom(value, rewriter);
  const { constant } = from?.x ?? {};
  const scales = from?.scale.constant && numbersOf(from.scale.constant);
  const zero = from && (from.axis === undefined ? oneZero(from) : from.zero ? undefined : 0);
  if (constant?.dims.length !== 1 || scales === undefined || zero === undefined) return undefined;
  return numbersOf(constant).map((integer, i) => (integer - zero) * (scales[i] ?? scales[0] ?? 1));
}

/** The integers between what the bounds are quantised to, unless the dtype has no others. */
function clamped(
  result: Value,
  to: Quantized,
  { low, high }: Bounds,
  rewriter: Rewriter,
): Value | undefined {
  const [scale, zero] = [oneScale(to), oneZero(to)];
  if (scale === undefined || zero === undefined) return undefined;
  const [least, most] = rangeOfBytes(to.dtype);
  const quantized = (bound: number): number =>
    Math.min(Math.max(halfToEven(Math.fround(bound / scale)) + zero, least), most);
  const [from, upTo] = [quantized(low), quantized(high)];
  if (from === least && upTo === most) return result;
  const bounds = [from, upTo].map((bound) => rewriter.scalar(to.dtype, bound));
  return rewriter.op('Clip', [result, ...bounds]);
}

function halfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

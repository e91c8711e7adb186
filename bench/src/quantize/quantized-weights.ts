/**
 * The constants of a layer as integers: weights with a scale for each channel of the output and no zero
 * point, and a bias in units of input times weight, which is what its sums are of.
 */

import {
  elementCount,
  type Node,
  numbersOf,
  type Tensor,
  tensorOf,
  typedArrayOf,
} from '@whittle/ir';

import { type IntegerFormat, quantizeByChannel, roundToEven } from './integer-format.js';
import { weightAxis } from './quantization-plan.js';

export interface QuantizedWeights {
  readonly weight: Tensor;
  /** Float32, one for each channel. */
  readonly scale: Tensor;
  /** Zeros, of the dtype of the weights. */
  readonly zeroPoint: Tensor;
  /** The axis of the weights that counts the channels of the output. */
  readonly axis: number;
  /** Of int32; absent where the layer has none. */
  readonly bias: Tensor | undefined;
  /** Float32, one for each channel. */
  readonly biasScale: Tensor;
}

/** A bias has to keep clear of the ends of int32, so that sums do not overflow by it alone. */
const largestBias = 2 ** 30;

/** @param node one whose inputs 1 and 2 are constant weights and, where there is one, bias. */
export function quantizeWeights(
  node: Node,
  inputScale: number,
  format: IntegerFormat,
): QuantizedWeights {
  const axis = weightAxis(node);
  const weights = node.inputs[1]?.constant;
  if (axis === undefined || weights === undefined) throw new Error(`${node.op} has no weights.`);
  const bias = node.inputs[2]?.constant && numbersOf(node.inputs[2].constant);
  const scales = largestByChannel(weights, axis).map((weight, c) => {
    const least = Math.abs(bias?.[c] ?? 0) / inputScale / largestBias;
    return Math.fround(Math.max(weight / format.high, least)) || 1;
  });
  const biasScales = scales.map((scale) => Math.fround(scale * inputScale));
  const dims = [scales.length];
  return {
    weight: quantizeByChannel(weights, axis, scales, format),
    scale: tensorOf('float32', dims, scales),
    zeroPoint: tensorOf(format.dtype, dims, new Array<number>(scales.length).fill(0)),
    axis,
    bias:
      bias &&
      tensorOf(
        'int32',
        dims,
        bias.map((x, c) => roundToEven(x / (biasScales[c] ?? 1))),
      ),
    biasScale: tensorOf('float32', dims, biasScales),
  };
}

/** The largest magnitude in each channel along an axis. */
function largestByChannel({ dims, ...tensor }: Tensor, axis: number): number[] {
  const largest = new Array<number>(dims[axis] ?? 1).fill(0);
  const inside = elementCount(dims.slice(axis + 1));
  for (const [i, weight] of typedArrayOf({ dims, ...tensor }).entries()) {
    const channel = Math.floor(i / inside) % largest.length;
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(Number(weight)));
  }
  return largest;
}

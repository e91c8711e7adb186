/**
 * Static quantisation after training, as ONNX Runtime's quantizer does it: float32 models become models
 * of 8-bit integers, in either of the two forms that people ship.
 *
 * - `qdq`: ops stay as they are, between QuantizeLinear and DequantizeLinear; engines find out for
 *   themselves what they can compute of integers.
 * - `qoperator`: ops on integers (QLinearConv, …), each of which rescales its result.
 *
 * Activations get one scale and one zero point for each tensor, from the least and largest elements
 * that some images give; weights a scale for each channel. A bias is of int32, in units of the products
 * that it is added to.
 *
 * Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference" (2018), and the documentation of ONNX Runtime's quantizer.
 */

import { optimize, type Tensors } from '@whittle/compiler';
import type { Graph } from '@whittle/ir';
import { exportOnnx, importOnnx } from '@whittle/onnx';

import { calibrate } from './calibrate.js';
import { chooseParameters, type IntegerFormat, integerFormats } from './integer-format.js';
import { planQuantization } from './quantization-plan.js';
import { splitGemm } from './split-gemm.js';
import { type QuantizedForm, writeQuantized } from './write-quantized.js';

export interface QuantizeOptions {
  readonly form: QuantizedForm;
  /** What activations are rounded to. Default: `uint8`. */
  readonly activations?: keyof typeof integerFormats;
  /**
   * Whether weights have 7 bits instead of 8. Processors without dot products of bytes add pairs of
   * products in 16 bits, and ONNX Runtime lets those of 8 bits saturate there. Default: no.
   */
  readonly reduceRange?: boolean;
}

/** The first opset with a scale for each channel. */
const oldestOpset = 13;

/**
 * The same options, images and version of ONNX Runtime give the same bytes.
 * @param images feeds, of which the ranges of activations are taken.
 * @throws {Error} where the model has control flow or ONNX Runtime refuses it, and as `optimize` does.
 */
export async function quantize(
  bytes: Uint8Array,
  images: readonly Tensors[],
  options: QuantizeOptions,
): Promise<Uint8Array> {
  const { form, activations = 'uint8', reduceRange = false } = options;
  const shapes = Object.entries(images[0] ?? {}).map(([name, { dims }]) => [name, dims] as const);
  const folded = importOnnx(await optimize(bytes, { shapes: Object.fromEntries(shapes) }));
  const graph = form === 'qoperator' ? splitGemm(folded) : folded;
  const plan = planQuantization(graph);
  const ranges = await calibrate(graph, plan.calibrated, images);
  const format = integerFormats[activations];
  const weights: IntegerFormat = reduceRange ? reducedWeights : wholeWeights;
  const parameters = chooseParameters(plan, ranges, format);
  const quantized = writeQuantized(graph, plan, form, { parameters, format, weights });
  return exportOnnx(inOpset(quantized));
}

const wholeWeights: IntegerFormat = { dtype: 'int8', low: -127, high: 127 };
const reducedWeights: IntegerFormat = { dtype: 'int8', low: -64, high: 64 };

function inOpset(graph: Graph): Graph {
  const key = 'onnx.opset.ai.onnx';
  const opset = Math.max(oldestOpset, Number(graph.metadata[key] ?? 0));
  return { ...graph, metadata: { ...graph.metadata, [key]: String(opset) } };
}

/**
 * Windows and weights of the mel scale, which are constants once their sizes are known.
 *
 * Source: the function bodies and the reference outputs that ONNX gives for these ops.
 */

import {
  dtypeFromCode,
  integersOf,
  type Match,
  numbersOf,
  numberToBfloat16,
  numberToFloat16,
  type Rewriter,
  requiredAttribute,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { decomposition } from './decomposition.js';

/** The factors of cos(0), cos(2πn / N) and cos(4πn / N). */
const cosineSums: Readonly<Record<string, readonly number[]>> = {
  HannWindow: [0.5, -0.5],
  HammingWindow: [25 / 46, -21 / 46],
  BlackmanWindow: [0.42, -0.5, 0.08],
};

export const windows = [
  ...Object.entries(cosineSums).map(([op, factors]) =>
    decomposition(op, `${op}(n) → constant`, (match, rewriter) =>
      windowOf(match, rewriter, factors),
    ),
  ),
  decomposition('MelWeightMatrix', 'MelWeightMatrix(n, …) → constant', melWeights),
];

/** Of a constant that is made here, 64 MB of floats; what is larger stays as it is, and is refused. */
const maxElements = 2 ** 24;

function windowOf(
  { root }: Match,
  rewriter: Rewriter,
  factors: readonly number[],
): Value | undefined {
  const [size] = integersOf(root.inputs[0]) ?? [];
  if (size === undefined || size < 0 || size > maxElements) return undefined;
  const isPeriodic = requiredAttribute(root, 'periodic', 'int') !== 0;
  const period = isPeriodic ? size : size - 1;
  const values = Array.from({ length: size }, (_, n) =>
    factors.reduce((sum, factor, i) => sum + factor * Math.cos((2 * Math.PI * i * n) / period), 0),
  );
  return constantOf(root, rewriter, [size], values);
}

/** Each band is a triangle over bins of the spectrum, from the middle of the one before to that of the next. */
function melWeights({ root }: Match, rewriter: Rewriter): Value | undefined {
  const numbers = root.inputs.map((input) => input?.constant && numbersOf(input.constant)[0]);
  const [bands, length, rate, low, high] = numbers;
  if (bands === undefined || length === undefined || rate === undefined) return undefined;
  if (low === undefined || high === undefined) return undefined;
  const bins = Math.floor(length / 2) + 1;
  if (!(bands >= 0 && bins >= 1 && bands + 2 <= maxElements && bins * bands <= maxElements))
    return undefined;
  const step = (melOf(high) - melOf(low)) / (bands + 2);
  const edges = Array.from({ length: bands + 2 }, (_, i) =>
    Math.floor(((length + 1) * hertzOf(melOf(low) + step * i)) / rate),
  );
  const weights = new Array<number>(bins * bands).fill(0);
  const put = (bin: number, band: number, value: number): void => {
    if (bin < bins) weights[bin * bands + band] = value;
  };
  for (let band = 0; band < bands; band++) {
    const [start = 0, middle = 0, end = 0] = edges.slice(band, band + 3);
    if (middle === start) put(middle, band, 1);
    else
      for (let bin = start; bin <= Math.min(middle, bins); bin++)
        put(bin, band, (bin - start) / (middle - start));
    for (let bin = middle; bin < Math.min(end, bins); bin++)
      put(bin, band, (end - bin) / (end - middle));
  }
  return constantOf(root, rewriter, [bins, bands], weights);
}

function melOf(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function hertzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

function constantOf(
  root: Match['root'],
  rewriter: Rewriter,
  dims: readonly number[],
  values: readonly number[],
): Value | undefined {
  const dtype = dtypeFromCode(requiredAttribute(root, 'output_datatype', 'int'));
  if (dtype === undefined || dtype === 'string') return undefined;
  // Typed arrays of 16-bit floats hold their bits, and those of integers drop fractions themselves.
  const encode =
    dtype === 'float16' ? numberToFloat16 : dtype === 'bfloat16' ? numberToBfloat16 : undefined;
  const isWide = dtype === 'int64' || dtype === 'uint64';
  const encoded = isWide ? values.map(Math.trunc) : encode ? values.map(encode) : values;
  return rewriter.constant(tensorOf(dtype, dims, encoded));
}

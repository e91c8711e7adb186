/**
 * Spectra of signals, as products by constant matrices and as convolutions.
 *
 *     %y = STFT(%x, step, %w)                                     [N, samples, parts] → [N, frames, bins, 2]
 *   →
 *     %t = Transpose(%x)                                          [N, parts, samples]
 *     %c = Conv(%t, windowed cosines and sines) {strides = step}  [N, 2 · bins, frames]
 *     %y = Reshape(Transpose(%c), [N, frames, bins, 2])
 *
 * Frames too long for such filters are gathered, and transformed as by a DFT.
 */

import {
  allBound,
  integersOf,
  isBound,
  type Match,
  type Node,
  type Rewriter,
  requiredAttribute,
  tensorFrom,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { doublesOf } from '../shared/floats.js';
import { dtypeOf, type Steps, stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';
import { fewElements, fourierTransform, realInverse } from './fourier.js';
import { transformMatrix } from './fourier-tables.js';
import { windows } from './windows.js';

export const signal = [
  decomposition('DFT', 'DFT(x) → x · (cosines, sines)', dft),
  decomposition('STFT', 'STFT(x, step, w) → Conv(x, w · (cosines, sines)), strides = step', stft),
  ...windows,
];

function dft({ root }: Match, rewriter: Rewriter): Value | undefined {
  const [x, lengthInput, axisInput] = root.inputs;
  const dims = x?.type?.dims;
  const outputDims = root.outputs[0]?.type?.dims;
  const [written] = axisInput === undefined ? [-2] : (integersOf(axisInput) ?? []);
  if (!x || !dims || !outputDims || written === undefined) return undefined;
  if (!allBound(dims) || !allBound(outputDims)) return undefined;
  const rank = dims.length;
  const axis = written < 0 ? written + rank : written;
  const bins = outputDims[axis] ?? 0;
  const [given] = lengthInput === undefined ? [dims[axis]] : (integersOf(lengthInput) ?? []);
  if (given === undefined) return undefined;

  const steps = stepsOf(rewriter);
  const isTurned = axis !== rank - 2;
  const axes = dims.map((_, i) => i);
  const perm = axes.with(axis, rank - 2).with(rank - 2, axis);
  const wide = precise(steps, x);
  const moved = isTurned ? rewriter.op('Transpose', [wide], { perm }) : wide;
  const isInverse = says(root, 'inverse');
  const spectrum =
    isInverse && says(root, 'onesided')
      ? realInverse(rewriter, moved, bins)
      : fourierTransform(rewriter, moved, { length: given, bins, isInverse });
  if (spectrum === undefined) return undefined;
  const back = isTurned ? rewriter.op('Transpose', [spectrum], { perm }) : spectrum;
  return steps.cast(back, dtypeOf(x));
}

function stft({ root }: Match, rewriter: Rewriter): Value | undefined {
  const [x, stepInput, window] = root.inputs;
  const [step] = integersOf(stepInput) ?? [];
  const [, frames, bins] = root.outputs[0]?.type?.dims ?? [];
  const length = frameLength(root);
  if (!x?.type || step === undefined || length === undefined) return undefined;
  if (frames === undefined || bins === undefined || !isBound(bins)) return undefined;
  const steps = stepsOf(rewriter);
  const wide = precise(steps, x);
  // A signal of real numbers needs no axis of parts.
  const signal =
    x.type.dims.length === 2 ? rewriter.op('Unsqueeze', [wide, steps.ints([2])]) : wide;
  const parts = signal.type?.dims[2];
  if (parts === undefined || !isBound(parts)) return undefined;
  const shape = { length, bins, parts, step };
  const weights = window && precise(steps, window);
  const isLong = length * parts * bins * 2 > fewElements;
  const spectrum =
    isLong && isBound(frames)
      ? ofGatheredFrames(rewriter, signal, weights, { ...shape, frames })
      : byConvolution(rewriter, signal, weights, shape);
  return spectrum && steps.cast(spectrum, dtypeOf(x));
}

function frameLength({ inputs }: Node): number | undefined {
  const [signal, , window, length] = inputs;
  if (length !== undefined) return integersOf(length)?.[0];
  const [size] = window?.type?.dims ?? [signal?.type?.dims[1]];
  return size !== undefined && isBound(size) ? size : undefined;
}

interface FrameShape {
  readonly length: number;
  readonly bins: number;
  readonly parts: number;
  readonly step: number;
}

function byConvolution(
  rewriter: Rewriter,
  signal: Value,
  window: Value | undefined,
  { length, bins, parts, step }: FrameShape,
): Value {
  const steps = stepsOf(rewriter);
  const known = doublesOf(window?.constant);
  const matrix = transformMatrix({ length, positions: length, parts, bins, isInverse: false });
  const filter = new Float64Array(matrix.length);
  for (let row = 0; row < length * parts; row++) {
    const n = Math.floor(row / parts);
    for (let column = 0; column < 2 * bins; column++) {
      const share = known?.[n] ?? 1;
      const to = (column * parts + (row % parts)) * length + n;
      filter[to] = share * (matrix[row * 2 * bins + column] ?? 0);
    }
  }
  const isDouble = dtypeOf(signal) === 'float64';
  const dims = [2 * bins, parts, length];
  const plain = rewriter.constant(
    isDouble
      ? tensorFrom('float64', dims, filter)
      : tensorFrom('float32', dims, Float32Array.from(filter)),
  );
  const filters =
    window === undefined || known !== undefined ? plain : steps.apply('Mul', [plain, window]);
  const channels = rewriter.op('Transpose', [signal], { perm: [0, 2, 1] });
  const spectra = rewriter.op('Conv', [channels, filters], { strides: [step] });
  const turned = rewriter.op('Transpose', [spectra], { perm: [0, 2, 1] });
  return steps.reshape(turned, [0, 0, bins, 2]);
}

function ofGatheredFrames(
  rewriter: Rewriter,
  signal: Value,
  window: Value | undefined,
  { length, bins, step, frames }: FrameShape & { readonly frames: number },
): Value | undefined {
  const steps = stepsOf(rewriter);
  const places = Array.from(
    { length: frames * length },
    (_, i) => Math.floor(i / length) * step + (i % length),
  );
  const indices = rewriter.constant(tensorOf('int32', [frames, length], places));
  const gathered = rewriter.op('Gather', [signal, indices], { axis: 1 });
  const windowed = window
    ? steps.apply('Mul', [gathered, steps.reshape(window, [length, 1])])
    : gathered;
  if (!allBound(windowed.type?.dims ?? [])) return undefined;
  return fourierTransform(rewriter, windowed, { length, bins, isInverse: false });
}

/** Sums are not taken in 16 bits. */
function precise(steps: Steps, x: Value): Value {
  return steps.cast(x, dtypeOf(x) === 'float64' ? 'float64' : 'float32');
}

function says(node: Node, attribute: string): boolean {
  return requiredAttribute(node, attribute, 'int') !== 0;
}

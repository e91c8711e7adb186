/**
 * Discrete Fourier transforms along the last axis but one as products by constant matrices; the last axis is
 * of real and imaginary parts.
 *
 *     [N, parts] → reshape [N · parts] → · cosines and sines → reshape [bins, 2]
 *
 * Where that matrix would be large and the length is a product a · b, it takes two steps with a matrix for
 * each of the factors, by positions b · i + j and bins k + a · l, where e(x) is e^(-2πi · x):
 *
 *     t[j, k] = Σ_i x[b · i + j] · e(i · k / a)
 *     y[k + a · l] = Σ_j t[j, k] · e(j · k / (a · b)) · e(j · l / b)
 *
 * Source: Cooley and Tukey, An Algorithm for the Machine Calculation of Complex Fourier Series (1965).
 */

import { largestDivisor, type Rewriter, tensorFrom, type Value } from '@whittle/ir';
import { type Steps, stepsOf } from '../shared/steps.js';
import { realInverseMatrix, transformMatrix, twiddles } from './fourier-tables.js';

export interface Spectrum {
  readonly length: number;
  /** The first bins are enough. */
  readonly bins: number;
  readonly isInverse: boolean;
}

/** Up to so many elements a matrix is multiplied by as it is; up to so many it is made at all. */
export const fewElements = 2 ** 21;
const mostElements = 2 ** 24;

/** [..., N, parts] → [..., bins, 2], all dims bound; undefined where matrices would be too large. */
export function fourierTransform(
  rewriter: Rewriter,
  x: Value,
  spectrum: Spectrum,
): Value | undefined {
  const { length, bins, isInverse } = spectrum;
  const [positions, parts] = pointsOf(x);
  const used = Math.min(positions, length);
  const elements = used * parts * bins * 2;
  const factor = largestDivisor(length, Math.floor(Math.sqrt(length)));
  const isSplit = elements > fewElements && factor > 1 && 4 * (length / factor) ** 2 < elements;
  if (isSplit) return inTwoSteps(rewriter, x, spectrum, factor);
  if (elements > mostElements) return undefined;
  const matrix = transformMatrix({ length, positions: used, parts, bins, isInverse });
  return multiplied(rewriter, x, matrix, used, [bins, 2]);
}

/** From the bins up to the middle one, [..., bins, 2], to the real signal they are the spectrum of. */
export function realInverse(rewriter: Rewriter, x: Value, length: number): Value | undefined {
  const [given] = pointsOf(x);
  const half = Math.floor(length / 2);
  const used = Math.min(given, half + 1);
  if (used * 2 * length <= fewElements) {
    return multiplied(rewriter, x, realInverseMatrix(length, used), used, [length, 1]);
  }
  const steps = stepsOf(rewriter);
  const axis = axisOf(x);
  const first = withPositions(steps, x, half + 1);
  const mirrored = steps.slice(first, axis, length - half - 1, 0, -1);
  const signs = constantOf(rewriter, x, [2], new Float64Array([1, -1]));
  const conjugate = steps.apply('Mul', [mirrored, signs]);
  const whole = rewriter.op('Concat', [first, conjugate], { axis });
  const signal = fourierTransform(rewriter, whole, { length, bins: length, isInverse: true });
  return signal && steps.slice(signal, axis + 1, 0, 1);
}

function inTwoSteps(
  rewriter: Rewriter,
  x: Value,
  { length, bins, isInverse }: Spectrum,
  a: number,
): Value | undefined {
  const steps = stepsOf(rewriter);
  const lead = leadOf(x);
  const [, parts] = pointsOf(x);
  const b = length / a;
  const axes = lead.map((_, axis) => axis);
  const turn = (value: Value): Value => {
    const perm = [...axes, axes.length + 1, axes.length, axes.length + 2];
    return rewriter.op('Transpose', [value], { perm });
  };
  const rows = steps.reshape(withPositions(steps, x, length), [...lead, a, b, parts]);
  const inner = fourierTransform(rewriter, turn(rows), { length: a, bins: a, isInverse });
  if (inner === undefined) return undefined;
  const [cosines, sines] = twiddles(length, b, a, isInverse);
  const swapped = steps.slice(inner, axisOf(inner) + 1, 1, -3, -1);
  const signed = new Float64Array(2 * sines.length).map((_, i) =>
    i % 2 === 0 ? -(sines[i / 2] ?? 0) : (sines[(i - 1) / 2] ?? 0),
  );
  const moved = steps.apply('Add', [
    steps.apply('Mul', [inner, constantOf(rewriter, x, [b, a, 1], cosines)]),
    steps.apply('Mul', [swapped, constantOf(rewriter, x, [b, a, 2], signed)]),
  ]);
  const outer = fourierTransform(rewriter, turn(moved), { length: b, bins: b, isInverse });
  if (outer === undefined) return undefined;
  const whole = steps.reshape(turn(outer), [...lead, length, 2]);
  return withPositions(steps, whole, bins);
}

/** The first `used` points as one vector, multiplied by a matrix; `dims` are those of the result. */
function multiplied(
  rewriter: Rewriter,
  x: Value,
  matrix: Float64Array,
  used: number,
  dims: readonly [number, number],
): Value {
  const steps = stepsOf(rewriter);
  const [, parts] = pointsOf(x);
  const lead = leadOf(x);
  const points = steps.reshape(withPositions(steps, x, used), [...lead, used * parts]);
  const weights = constantOf(rewriter, x, [used * parts, dims[0] * dims[1]], matrix);
  return steps.reshape(rewriter.op('MatMul', [points, weights]), [...lead, ...dims]);
}

/** As many positions as wanted: the first of those that are there, and zeros behind. */
function withPositions(steps: Steps, x: Value, wanted: number): Value {
  const axis = axisOf(x);
  const [given] = pointsOf(x);
  if (given === wanted) return x;
  if (given > wanted) return steps.slice(x, axis, 0, wanted);
  const before = [...leadOf(x), 0, 0].map(() => 0);
  return steps.pad(x, before, before.with(axis, wanted - given), 0);
}

function constantOf(
  rewriter: Rewriter,
  { type }: Value,
  dims: readonly number[],
  values: Float64Array,
): Value {
  const isDouble = type?.dtype === 'float64';
  const tensor = isDouble
    ? tensorFrom('float64', dims, values)
    : tensorFrom('float32', dims, Float32Array.from(values));
  return rewriter.constant(tensor);
}

function leadOf({ type }: Value): number[] {
  return (type?.dims ?? []).slice(0, -2).map(Number);
}

function pointsOf({ type }: Value): readonly [positions: number, parts: number] {
  const [positions = 0, parts = 1] = (type?.dims ?? []).slice(-2).map(Number);
  return [positions, parts];
}

function axisOf({ type }: Value): number {
  return (type?.dims.length ?? 2) - 2;
}

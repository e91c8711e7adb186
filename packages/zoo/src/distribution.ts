/**
 * What training would have measured of the inputs of a layer, without training: how the elements of
 * a tensor spread, worked out from layer to layer as if they were independent of each other.
 *
 * A distribution is a list of equally likely values in ascending order.
 */

export type Distribution = readonly number[];

export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

const size = 64;

/**
 * Of an image, or of the output of batch normalization: mean 0, variance 1. This is the logistic
 * distribution, which has longer tails than the normal one, because some channels spread wider than
 * others.
 */
export const normalized: Distribution = spreadTo(
  Array.from({ length: size }, (_, i) => Math.log((i + 1 / 2) / (size - i - 1 / 2))),
  { mean: 0, variance: 1 },
);

/** Rounded, because engines differ in the last bits of `Math.exp` and weights must not. */
export function momentsOf(x: Distribution): Moments {
  const mean = meanOf(x);
  const variance = meanOf(x.map((value) => (value - mean) ** 2));
  return { mean: rounded(mean), variance: rounded(variance) };
}

/** Of `curve(x)`. */
export function mapped(x: Distribution, curve: (x: number) => number): Distribution {
  return x.map(curve).sort((a, b) => a - b);
}

/** Of `combine(x, y)`. */
export function combined(
  x: Distribution,
  y: Distribution,
  combine: (x: number, y: number) => number,
): Distribution {
  return thinned(x.flatMap((a) => y.map((b) => ({ value: combine(a, b), weight: 1 }))));
}

/** Of an element of any of the parts, each of which has `count` elements. */
export function mixed(
  parts: readonly { readonly distribution: Distribution; readonly count: number }[],
): Distribution {
  return thinned(
    parts.flatMap(({ distribution, count }) =>
      distribution.map((value) => ({ value, weight: count })),
    ),
  );
}

/** Of the largest of `count` elements: it is one of the lowest p of x with the chance p^count. */
export function largestOf(x: Distribution, count: number): Distribution {
  return x.flatMap((_, i) => x[Math.floor(size * ((i + 1 / 2) / size) ** (1 / count))] ?? []);
}

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** The values in the middle of equal shares of the weight, spread to the moments of all values. */
function thinned(values: readonly Weighted[]): Distribution {
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  const mean = values.reduce((sum, { value, weight }) => sum + weight * value, 0) / total;
  const variance =
    values.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0) / total;
  const middles: number[] = [];
  let passed = 0;
  for (const { value, weight } of [...values].sort((a, b) => a.value - b.value)) {
    passed += weight;
    while (passed > (total / size) * (middles.length + 1 / 2)) middles.push(value);
  }
  return spreadTo(middles, { mean, variance });
}

function spreadTo(x: Distribution, { mean, variance }: Moments): Distribution {
  const center = meanOf(x);
  const factor = Math.sqrt(variance / meanOf(x.map((value) => (value - center) ** 2)));
  return x.map((value) => mean + factor * (value - center));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

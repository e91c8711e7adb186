/**
 * Resampling along one axis as a table, made when the model is compiled: for each output position
 * the input positions it reads and their weights. Every interpolation and every way of mapping
 * coordinates is such a table, so kernels know nothing of them.
 *
 * Source: the Resize operator of the ONNX specification. Coordinates are rounded to single precision
 * as in onnxruntime, since a tie may fall either way.
 */

export interface ResizeAxis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  /** What of the axis is read, as fractions of its length; for `tf_crop_and_resize`. */
  readonly crop: readonly [number, number];
}

export interface ResizeMode {
  readonly interpolation: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubicCoefficient: number;
  readonly excludesOutside: boolean;
  /** Where the axis shrinks, linear and cubic weights are spread over all the positions that become one. */
  readonly antialias: boolean;
}

/** Tables of `output` rows with `count` entries each. */
export interface Taps {
  readonly count: number;
  readonly positions: Int32Array;
  readonly weights: Float32Array;
  /** For each output position 1 where its coordinate lies in the input, else 0. */
  readonly inside: Int32Array;
}

const { fround } = Math;

export function tapsOf(axis: ResizeAxis, mode: ResizeMode): Taps {
  const rows = Array.from({ length: axis.output }, (_, i) => {
    const at = originalCoordinate(axis, mode.coordinates, i);
    return { at, taps: rowOf(axis, mode, at) };
  });
  const count = rows.reduce((most, { taps }) => Math.max(most, taps.length), 1);
  const flat = rows.flatMap(({ taps }) => [
    ...taps,
    ...Array<Tap>(count - taps.length).fill({ position: 0, weight: 0 }),
  ]);
  const last = axis.input - 1;
  return {
    count,
    positions: Int32Array.from(flat, (tap) => Math.min(Math.max(tap.position, 0), last)),
    weights: Float32Array.from(flat, (tap) => tap.weight),
    inside: Int32Array.from(rows, ({ at }) => (at >= 0 && at <= last ? 1 : 0)),
  };
}

/** Whether the axis stays as it is. */
export function isUnchanged({ input, output }: ResizeAxis, taps: Taps): boolean {
  if (input !== output) return false;
  for (let i = 0; i < output; i++) {
    for (let k = 0; k < taps.count; k++) {
      const tap = i * taps.count + k;
      const weight = taps.weights[tap] ?? 0;
      if (weight !== 0 && (taps.positions[tap] !== i || weight !== 1)) return false;
    }
  }
  return taps.inside.every((flag) => flag === 1);
}

interface Tap {
  readonly position: number;
  readonly weight: number;
}

function rowOf({ input, scale }: ResizeAxis, mode: ResizeMode, at: number): Tap[] {
  if (mode.antialias && mode.interpolation !== 'nearest') {
    return spreadRow(at, input, Math.min(fround(scale), 1), mode);
  }
  switch (mode.interpolation) {
    case 'linear':
      return linearRow(Math.min(Math.max(at, 0), input - 1));
    case 'cubic':
      return cubicRow(at, input, mode);
    default:
      return [{ position: nearestPosition(at, mode.nearest), weight: 1 }];
  }
}

function linearRow(at: number): Tap[] {
  const low = Math.floor(at);
  const share = at - low;
  return [
    { position: low, weight: 1 - share },
    { position: low + 1, weight: share },
  ];
}

function cubicRow(at: number, input: number, mode: ResizeMode): Tap[] {
  const low = Math.floor(at);
  const taps = [-1, 0, 1, 2].map((offset) => ({
    position: low + offset,
    weight: keys(at - low - offset, mode.cubicCoefficient),
  }));
  return mode.excludesOutside ? shared(insideOnly(taps, input)) : taps;
}

/** The taps of linear or cubic interpolation, as far apart as `scale` shrinks the axis. */
function spreadRow(at: number, input: number, scale: number, mode: ResizeMode): Tap[] {
  const isCubic = mode.interpolation === 'cubic';
  const reach = (isCubic ? 2 : 1) / scale;
  const first = Math.floor(at - reach) + 1;
  const count = Math.ceil(at + reach) - first;
  const taps = Array.from({ length: count }, (_, i) => {
    const distance = (first + i - at) * scale;
    const weight = isCubic
      ? keys(distance, mode.cubicCoefficient)
      : Math.max(0, 1 - Math.abs(distance));
    return { position: first + i, weight };
  });
  return shared(mode.excludesOutside ? insideOnly(taps, input) : taps);
}

/** The cubic convolution of Keys with coefficient `a`, at a distance. */
function keys(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x >= 2) return 0;
  return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

function insideOnly(taps: readonly Tap[], input: number): Tap[] {
  return taps.map((tap) =>
    tap.position < 0 || tap.position >= input ? { ...tap, weight: 0 } : tap,
  );
}

/** The weights as shares of their sum. */
function shared(taps: readonly Tap[]): Tap[] {
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps.map((tap) => ({ ...tap, weight: tap.weight / sum }));
}

function nearestPosition(at: number, mode: string): number {
  switch (mode) {
    case 'floor':
      return Math.floor(at);
    case 'ceil':
      return Math.ceil(at);
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5);
    default:
      return Math.ceil(at - 0.5);
  }
}

/** The place in the input, as a fraction of positions, that output position `x` comes from. */
function originalCoordinate(axis: ResizeAxis, transformation: string, x: number): number {
  const { input, output, crop } = axis;
  const scale = fround(axis.scale);
  const crops = transformation === 'tf_crop_and_resize';
  if (scale === 1 && input === output && !crops) return x;
  const centre = fround((x + 0.5) / scale);
  const halfPixel = fround(centre - 0.5);
  switch (transformation) {
    case 'asymmetric':
      return fround(x / scale);
    case 'align_corners':
      return output === 1 ? 0 : fround((x * (input - 1)) / (output - 1));
    case 'pytorch_half_pixel':
      return output > 1 ? halfPixel : 0;
    case 'tf_half_pixel_for_nn':
      return centre;
    case 'half_pixel_symmetric': {
      const adjustment = fround(output / fround(input * scale));
      const offset = fround((input / 2) * fround(1 - adjustment));
      return fround(fround(offset + centre) - 0.5);
    }
    case 'tf_crop_and_resize': {
      const [start, end] = crop;
      return output > 1
        ? fround(start * (input - 1) + (x * (end - start) * (input - 1)) / (output - 1))
        : fround(0.5 * (start + end) * (input - 1));
    }
    default:
      return halfPixel;
  }
}

/**
 * Depthwise convolution in integers: a channel has no other to be paired with, so that neighbouring taps
 * of the last axis are. Word p of a row holds the pixel at p and the one that the next tap sees, and a
 * filter of `kernel` taps becomes one of half as many, twice as far apart.
 */

import { add, index, load } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { forTiles } from '../schedule/nest-tiles.js';
import type { Memory, ReadTap } from './convolution-shape.js';
import { placeOfTap } from './depthwise.js';
import { fillHalo } from './fill-halo.js';
import { pairOf, wordsOf } from './halves-in-words.js';
import { countOf } from './index-math.js';
import type { PackWeights } from './integer-weights.js';
import { lessZero } from './quantization.js';
import type { Halo, KernelContext, Operand } from './rule.js';
import { haloOfWindows, type Window } from './window.js';

/** The windows over words. */
export function pairTaps(windows: readonly Window[]): readonly Window[] {
  return windows.map((window, axis) =>
    axis < windows.length - 1
      ? window
      : { ...window, kernel: wordsOf(window.kernel), dilation: 2 * window.dilation },
  );
}

/** The image as words of pairs along the last axis, with zeros where windows see padding. */
export function writePixelPairs(
  context: KernelContext,
  x: Operand,
  zero: Expr | undefined,
  windows: readonly Window[],
): Memory {
  const { block } = context;
  const [batch = 1, channels = 1, ...spatial] = x.dims;
  const halo = haloOfWindows(pairTaps(windows));
  const image = context.scratch('q', x.dims, halo, 'int32');
  const last = spatial.length - 1;
  const [width = 1, dilation = 1] = [spatial[last], windows[last]?.dilation];
  nestLoops(block, [batch, ...spatial.slice(0, -1)], (perRow, [n = index(0), ...rows]) => {
    for (const run of runsOf(width, dilation, halo)) {
      perRow.for(
        'p',
        run.end,
        (perPixel, p) =>
          perPixel.for('c', channels, (inner, c) => {
            const pixel = (at: Expr): Expr => lessZero(x.read(inner, [n, c, ...rows, at]), zero);
            const low = run.hasLow ? pixel(p) : undefined;
            const high = run.hasHigh ? pixel(add(p, index(dilation))) : undefined;
            image.store(inner, [n, c, ...rows, p], pairOf(low, high));
          }),
        1,
        run.start,
      );
    }
  });
  fillHalo(block, image, halo, { axes: spatial.slice(0, -1).map((_, axis) => axis + 2) });
  return image;
}

/** Positions of the last axis for which the same halves of words lie inside of the image. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly hasLow: boolean;
  readonly hasHigh: boolean;
}

function runsOf(width: number, dilation: number, { before, after }: Halo): readonly Run[] {
  const [first, end] = [-(before.at(-1) ?? 0), width + (after.at(-1) ?? 0)];
  const bounds = [first, 0, width, -dilation, width - dilation, end]
    .filter((bound) => bound >= first && bound <= end)
    .sort((a, b) => a - b);
  return bounds.slice(0, -1).flatMap((start, i) => {
    const next = bounds[i + 1] ?? start;
    const isInside = (at: number): boolean => at >= 0 && at < width;
    const halves = { hasLow: isInside(start), hasHigh: isInside(start + dilation) };
    return next === start ? [] : [{ start, end: next, ...halves }];
  });
}

/** The filters `[C, 1, taps…]` as words in panels of `width` channels. */
export function packTapPairs(
  pack: PackWeights,
  channels: number,
  windows: readonly Window[],
  width: number,
): ReadTap {
  const pairs = pairTaps(windows);
  const placeOf = placeOfTap(pairs, width);
  const length = Math.ceil(channels / width) * countOf(pairs.map(({ kernel }) => kernel)) * width;
  const taps = windows.at(-1)?.kernel ?? 1;
  const outer = pairs.slice(0, -1).map(({ kernel }) => kernel);
  const param = pack(length, (block, read, to) =>
    forTiles(block, 'c', channels, width, (perPanel, { start, count }) =>
      nestLoops(perPanel, [...outer, count], (inner, at) => {
        const [rows, within] = [at.slice(0, -1), at.at(-1) ?? index(0)];
        const weight = (tap: number): Expr | undefined =>
          tap < taps ? read(inner, [add(start, within), index(0), ...rows, index(tap)]) : undefined;
        for (let pair = 0; pair < wordsOf(taps); pair++) {
          const place = placeOf([...rows, index(pair)], { panel: start, within });
          inner.store(to, place, pairOf(weight(2 * pair), weight(2 * pair + 1)));
        }
      }),
    ),
  );
  return (rows, tap, channel) => load(param, 'int32', placeOf([...rows, index(tap)], channel));
}

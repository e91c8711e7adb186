/**
 * Depthwise convolution: each channel by its own filter, `multiplier` filters a channel. Channels
 * run innermost, as they lie in memory; a few neighbouring pixels are computed together, so that
 * an input value is loaded once for all the taps that see it. Where that takes fewer loads, filters of
 * one channel are computed together instead.
 */

import { largestDivisor } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, load, mul } from '../expr.js';
import type { Expr, Variable } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { range } from '../schedule/contraction.js';
import { nestLoops } from '../schedule/nest-loops.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { overLanes } from '../schedule/over-lanes.js';
import { positionOf } from '../view.js';
import { activateImage } from './activate-image.js';
import { activationOf, applyActivation } from './activation.js';
import {
  type ChannelPlace,
  type Convolution,
  loadFrom,
  pixelsOf,
  placeIn,
  type ReadTap,
  type Sums,
} from './convolution-shape.js';
import { countOf } from './index-math.js';
import type { KernelContext } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { inputPosition, type Window } from './window.js';

export function writeDepthwise(context: KernelContext, convolution: Convolution): void {
  const { windows, batch, groups, outputs: multiplier, output } = convolution;
  const last = windows[windows.length - 1];
  if (last === undefined) {
    context.unsupported('has no spatial axis');
    return;
  }
  const outer = windows.slice(0, -1);
  const { lanes } = context.target;
  const inLanes = lanes > 1 && multiplier === 1;
  const weights = packTaps(context, convolution, inLanes ? lanes : groups * multiplier);
  const { pixels, filters } = tileOf(last, multiplier, context.target);
  const allChannels = { start: index(0), count: groups * multiplier };
  const activation = activationOf(context, convolution, allChannels.count);
  context.name('conv_depthwise');
  context.block.for('n', batch, (perImage, n) => {
    nestLoops(
      perImage,
      outer.map((w) => w.output),
      (perRow, rows) => {
        forTiles(perRow, 'p', last.output, pixels, (perTile, tile) => {
          const place = { n, rows, ...tile };
          if (inLanes) {
            overVectors(perTile, groups, lanes, (block, channel) => {
              const c = add(channel.panel, channel.within);
              writePixels(context, convolution, weights, block, {
                ...place,
                c,
                channels: [channel],
              });
            });
          } else {
            perTile.for('c', groups, (perChannel, c) => {
              perChannel.for('q', multiplier / filters, (block, q) => {
                const first = add(mul(c, index(multiplier)), mul(q, index(filters)));
                const channels = range(filters).map((filter) => ({
                  panel: index(0),
                  within: add(first, index(filter)),
                }));
                writePixels(context, convolution, weights, block, { ...place, c, channels });
              });
            });
          }
          if (activation === 'run') {
            const run = { first: [...rows, tile.start], count: tile.count };
            activateImage(context, pixelsOf(output, n, allChannels, run), perTile);
          }
        });
      },
    );
  });
  if (activation === 'image') activateImage(context, output);
}

/** Channels by the vector, and those left over one by one. */
function overVectors(
  block: Block,
  channels: number,
  lanes: number,
  body: (inner: Block, channel: ChannelPlace) => void,
): void {
  forTiles(block, 'c', channels, lanes, (perVector, { start, count }) =>
    overLanes(perVector, count, lanes, (inner, positions) => {
      for (const within of positions) body(inner, { panel: start, within });
    }),
  );
}

interface PixelPlace {
  readonly n: Expr;
  readonly c: Expr;
  /** Output channels that are filtered from the input channel. */
  readonly channels: readonly ChannelPlace[];
  readonly rows: readonly Expr[];
  readonly start: Expr;
  readonly count: number;
}

function writePixels(
  context: KernelContext,
  convolution: Convolution,
  weight: ReadTap,
  block: Block,
  place: PixelPlace,
): void {
  const { windows, input, output, residual, groups, outputs } = convolution;
  const { n, c, rows, start, count } = place;
  const isActivated = activationOf(context, convolution, groups * outputs) === 'sum';
  const channels = place.channels.map(({ panel, within }) => add(panel, within));
  const last = windows[windows.length - 1];
  if (last === undefined) return;
  const outer = windows.slice(0, -1);
  const sums = channels.map((channel, filter) => {
    const bias = block.let('i', initOf(context, convolution, block, channel));
    return range(count).map((pixel) => block.local(`s${filter * count + pixel}`, bias.dtype, bias));
  });
  overOuterTaps(context, block, outer, (inner, taps) => {
    const spatial = outer.map((window, axis) =>
      inputPosition(window, rows[axis] ?? index(0), taps[axis] ?? index(0)),
    );
    const filters = place.channels.map((channel, filter) =>
      range(last.kernel).map((tap) =>
        inner.let(`w${filter * last.kernel + tap}`, weight(taps, tap, channel)),
      ),
    );
    for (const column of columnsSeen(last, count)) {
      const first = add(mul(start, index(last.stride)), index(column - last.padBefore));
      const x = inner.let(`x${column}`, loadFrom(input, [n, c, ...spatial, first]));
      for (const [pixel, tap] of usesOfColumn(last, count, column)) {
        filters.forEach((w, filter) => {
          accumulate(inner, sums[filter]?.[pixel], x, w[tap], convolution.sums);
        });
      }
    }
  });
  channels.forEach((channel, filter) => {
    sums[filter]?.forEach((sum, pixel) => {
      const to = [n, channel, ...rows, add(start, index(pixel))];
      const ended = convolution.sums?.finish(block, channel, sum) ?? sum;
      const total = residual === undefined ? ended : add(ended, loadFrom(residual, to));
      const result = isActivated ? applyActivation(context, block, total) : total;
      block.store(output.param, placeIn(output, to), result);
    });
  });
}

interface DepthwiseTile {
  readonly pixels: number;
  /** Filters of one channel; they divide the multiplier. */
  readonly filters: number;
}

/** Of the tiles of so many sums the one that loads least: input columns that it sees, and weights. */
function tileOf(
  window: Window,
  multiplier: number,
  { depthwisePixels: sums, grid }: Capabilities,
): DepthwiseTile {
  // A rest would be a nest of its own.
  if (grid && multiplier === 1) return { pixels: largestDivisor(window.output, sums), filters: 1 };
  const tiles = range(multiplier)
    .map((fewer) => fewer + 1)
    .filter((filters) => multiplier % filters === 0 && sums % filters === 0)
    .map((filters) => ({ filters, pixels: Math.min(sums / filters, window.output) }));
  const loadsOf = ({ pixels, filters }: DepthwiseTile): number =>
    (columnsSeen(window, pixels).length + filters * window.kernel) / (pixels * filters);
  return tiles.reduce((best, tile) => (loadsOf(tile) < loadsOf(best) ? tile : best));
}

/** What the sum of an output channel begins with. */
function initOf(
  context: KernelContext,
  { output, sums }: Convolution,
  block: Block,
  channel: Expr,
): Expr {
  if (sums !== undefined) return sums.init(block, channel);
  return context.has(2)
    ? context.operand(2).read(block, [channel])
    : literal(arithmeticType(output.view.dtype), 0);
}

function accumulate(
  block: Block,
  sum: Variable | undefined,
  x: Expr,
  w: Expr | undefined,
  { term = mul }: Partial<Sums> = {},
): void {
  if (sum !== undefined && w !== undefined) block.assign(sum, add(sum, term(x, w)));
}

/**
 * The taps of the outer axes, written out while they are few and as loops beyond that. With vectors
 * they are always loops: what all taps load would not fit into the registers.
 */
function overOuterTaps(
  { target }: KernelContext,
  block: Block,
  outer: readonly Window[],
  body: (inner: Block, taps: readonly Expr[]) => void,
): void {
  const count = outer.reduce((product, window) => product * window.kernel, 1);
  if (count > maxUnrolledTaps || target.lanes > 1) {
    nestLoops(
      block,
      outer.map((window) => window.kernel),
      body,
    );
    return;
  }
  const written = (depth: number, taps: readonly Expr[]): void => {
    const window = outer[depth];
    if (window === undefined) body(block, taps);
    else for (const tap of range(window.kernel)) written(depth + 1, [...taps, index(tap)]);
  };
  written(0, []);
}

const maxUnrolledTaps = 5;

/** The input columns, from the tile's first, that some tap of some pixel sees. */
function columnsSeen(window: Window, pixels: number): number[] {
  const seen = new Set<number>();
  for (const pixel of range(pixels)) {
    for (const tap of range(window.kernel)) {
      seen.add(pixel * window.stride + tap * window.dilation);
    }
  }
  return [...seen].sort((a, b) => a - b);
}

function usesOfColumn(
  window: Window,
  pixels: number,
  column: number,
): [pixel: number, tap: number][] {
  const uses: [number, number][] = [];
  for (const pixel of range(pixels)) {
    const offset = column - pixel * window.stride;
    const tap = offset / window.dilation;
    if (Number.isInteger(tap) && tap >= 0 && tap < window.kernel) uses.push([pixel, tap]);
  }
  return uses;
}

/**
 * Packs `[C·m, 1, taps…]` as `[panel][tap][width]`, in panels of `width` channels, the last one filled
 * with zeros; filters that are computed are read as they lie.
 */
function packTaps(context: KernelContext, convolution: Convolution, width: number): ReadTap {
  const { windows, groups, outputs, filter, sums } = convolution;
  if (sums?.taps !== undefined) return sums.taps(width);
  const channels = groups * outputs;
  const taps = windows.reduce((product, window) => product * window.kernel, 1);
  const data = filter ?? context.constantData(1);
  if (data === undefined) {
    const w = context.memory(1);
    return (outer, tap, { panel, within }) => {
      const at = [add(panel, within), index(0), ...outer, index(tap)];
      return load(w.param, w.view.dtype, positionOf(w.view, at));
    };
  }
  const size = Math.ceil(channels / width) * taps * width;
  const param = context.packFloats('w', size, (packed) => {
    for (let channel = 0; channel < channels; channel++) {
      const within = channel % width;
      const panel = channel - within;
      for (let tap = 0; tap < taps; tap++) {
        packed[panel * taps + tap * width + within] = data[channel * taps + tap] ?? 0;
      }
    }
  });
  return (outer, tap, channel) =>
    load(param, 'float32', placeOfTap(windows, width)([...outer, index(tap)], channel));
}

/** Where the packed weight of a channel lies, at a tap. */
export function placeOfTap(
  windows: readonly Window[],
  width: number,
): (at: readonly Expr[], channel: ChannelPlace) => Expr {
  const count = countOf(windows.map(({ kernel }) => kernel));
  return (at, { panel, within }) => {
    let tap: Expr = index(0);
    windows.forEach((window, axis) => {
      tap = add(mul(tap, index(window.kernel)), at[axis] ?? index(0));
    });
    return add(add(mul(panel, index(count)), mul(tap, index(width))), within);
  };
}

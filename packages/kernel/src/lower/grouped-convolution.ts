/**
 * Convolution as a contraction over taps and input channels, one group after another, in register
 * tiles of pixels by output channels.
 */

import type { Block } from '../block.js';
import { add, index, literal, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { writeContraction } from '../schedule/contraction.js';
import { forTerms, nestLoops } from '../schedule/nest-loops.js';
import { forTiles, type Loops, nestTiles, type Tile } from '../schedule/nest-tiles.js';
import { planTile } from '../schedule/tile-plan.js';
import { activateImage } from './activate-image.js';
import { activationOf, applyActivation } from './activation.js';
import { type Convolution, loadFrom, type Pixels, pixelsOf, placeIn } from './convolution-shape.js';
import { coordinate, countOf } from './index-math.js';
import { type PackedFilter, packFilter } from './pack-filter.js';
import type { KernelContext } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { leavesOutTaps, overTaps } from './tap-loops.js';
import { inputPosition } from './window.js';

export function writeGroups(context: KernelContext, convolution: Convolution): void {
  const { windows, batch, groups, inputs, outputs } = convolution;
  const last = windows.at(-1);
  if (last === undefined) {
    context.unsupported('has no spatial axis');
    return;
  }
  const outer = windows.slice(0, -1).map((window) => window.output);
  const taps = countOf(windows.map((window) => window.kernel));
  const plan = planTile(context.target, {
    rows: last.output,
    columns: outputs,
    depth: taps * inputs,
    outerRows: countOf(outer),
  });
  const filter = packFilter(context, convolution, plan.panel);
  const activation = activationOf(context, convolution, outputs);
  context.name(`conv${groups === 1 ? '' : '_grouped'}${taps === 1 ? '_pointwise' : ''}`);

  const pixels: Loops<Pixels> = (block, body) =>
    nestLoops(block, outer, (inner, rows) =>
      forTiles(
        inner,
        'p',
        last.output,
        plan.rows,
        (tile, { start, count }) => body(tile, { first: [...rows, start], count }),
        plan.mostRows,
      ),
    );
  const channels: Loops<Tile> = (block, body) => forTiles(block, 'o', outputs, plan.columns, body);
  context.block.for('n', batch, (perImage, n) => {
    perImage.for('g', groups, (perGroup, g) => {
      nestTiles(
        perGroup,
        plan.columnsOutside,
        pixels,
        channels,
        (block, pixel, channel) =>
          writeTile(context, convolution, filter, block, { n, g, pixel, channel }),
        (block, pixel) => {
          if (activation === 'run') {
            const channelsOfGroup = { start: mul(g, index(outputs)), count: outputs };
            activateImage(context, pixelsOf(convolution.output, n, channelsOfGroup, pixel), block);
          }
        },
      );
    });
  });
  const isLeft = activation === 'image' || (activation === 'run' && plan.columnsOutside);
  if (isLeft) activateImage(context, convolution.output);
}

/** Where one register tile stands: image, group, pixels, output channels of the group. */
interface TilePlace {
  readonly n: Expr;
  readonly g: Expr;
  readonly pixel: Pixels;
  readonly channel: Tile;
}

function writeTile(
  context: KernelContext,
  convolution: Convolution,
  filter: PackedFilter,
  block: Block,
  { n, g, pixel, channel }: TilePlace,
): void {
  const { windows, inputs, outputs, input, output, residual, sums } = convolution;
  const summed = sumsOf(convolution, filter);
  const { termsTogether = 1 } = context.target;
  const channelAt = (column: Expr): Expr => add(mul(g, index(outputs)), add(channel.start, column));
  const pixelAt = (row: Expr): Expr[] =>
    pixel.first.map((at, axis) => (axis === windows.length - 1 ? add(at, row) : at));
  const placeOf = (row: Expr, column: Expr): Expr =>
    placeIn(output, [n, channelAt(column), ...pixelAt(row)]);
  writeContraction(block, {
    rows: pixel.count,
    columns: channel.count,
    lanes: context.target.lanes,
    term: sums?.term,
    init: (inner, column) => {
      if (sums !== undefined) return sums.init(inner, channelAt(column));
      return context.has(2)
        ? context.operand(2).read(inner, [channelAt(column)])
        : literal(arithmeticType(output.view.dtype), 0);
    },
    reduce: (inner, body) =>
      overTaps(inner, summed.windows, pixel, (perTap, taps) =>
        forTerms(perTap, summed.inputs, termsTogether, (deepest, k) => body(deepest, [...taps, k])),
      ),
    a: (_, row, at) => {
      const spatial = windows.map((window, axis) =>
        inputPosition(window, coordinate(pixelAt(index(row)), axis), coordinate(at, axis)),
      );
      const c = add(mul(g, index(inputs)), coordinate(at, windows.length));
      return loadFrom(input, [n, c, ...spatial]);
    },
    b: (inner, column, at) => filter.read(inner, g, channel.start, column, at),
    store: (inner, row, column, sum) => {
      const to = [n, channelAt(column), ...pixelAt(row)];
      const ended = sums?.finish(inner, channelAt(column), sum) ?? sum;
      const total = residual === undefined ? ended : add(ended, loadFrom(residual, to));
      const result =
        activationOf(context, convolution, outputs) === 'sum'
          ? applyActivation(context, inner, total)
          : total;
      inner.store(output.param, placeOf(row, column), result);
    },
  });
}

/**
 * What is summed over. Where the pixels of a row follow each other without gaps, so do the taps of
 * the last axis and their channels, in memory and in the packed filter: they are one axis of channels.
 */
function sumsOf(
  convolution: Convolution,
  { isPacked }: PackedFilter,
): Pick<Convolution, 'windows' | 'inputs'> {
  const { windows, groups, inputs, input } = convolution;
  const last = windows.at(-1);
  if (last === undefined || last.kernel === 1) return { windows, inputs };
  const pixelStride = input.view.strides.at(-1);
  const isDense = groups === 1 && input.view.strides[1] === 1 && pixelStride === inputs;
  if (!isPacked || !isDense || last.dilation !== 1 || leavesOutTaps(last)) {
    return { windows, inputs };
  }
  const single = { ...last, input: last.output, kernel: 1, stride: 1, padBefore: 0 };
  return { windows: [...windows.slice(0, -1), single], inputs: inputs * last.kernel };
}

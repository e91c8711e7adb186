/**
 * Separable convolution in one kernel, band by band: the depthwise convolution filters some rows into
 * scratch memory, and the pointwise one mixes their channels into the output while they are in cache.
 * The tensor between the two never exists as a whole.
 *
 *     for each band of output rows:
 *       [expand the input rows that no band before has seen into the ring]
 *       band ← depthwise of the rows that it sees, in the input or in the ring
 *       output ← pointwise of the band
 *
 * `expansion-ring.ts` has the part in brackets, for the inverted residual block. Where there is no
 * pointwise convolution after it, the depthwise one writes the output itself.
 */

import {
  type Node,
  optionalAttribute,
  planThreadTile,
  planWorkgroupTile,
  separableStages,
} from '@whittle/ir';
import { index, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { forTiles } from '../schedule/nest-tiles.js';
import { type BandPlan, planBands } from './band-plan.js';
import { writeLoops } from './convolution.js';
import { type Memory, rowAxis, rowsOf, startAt } from './convolution-shape.js';
import { allocateRing, type ExpansionRing, expandRows } from './expansion-ring.js';
import { inputDims, outputDims } from './index-math.js';
import type { Demand, KernelContext, LoweringRule } from './rule.js';
import { shapeOfSeparable } from './separable-parts.js';
import { macsOfStage, pixelWindows, stageShape } from './stage-shape.js';
import { writeThreadTiles } from './thread-separable.js';
import { extentOf, haloOfWindows, type Window, windowsOf } from './window.js';
import { writeWorkgroupTiles } from './workgroup-separable.js';

export const separableConvolutionRule: LoweringRule = {
  layout: 'channels-last',
  demand: (node, input) => (input === 0 ? inputDemand(node) : undefined),
  kernel: writeSeparable,
};

/** An image that is expanded first is padded as the ring is; one that is filtered has zeros around. */
function inputDemand(node: Node): Demand {
  const { expand, depthwise } = separableStages(node);
  if (expand !== undefined) return { layout: 'channels-last' };
  return { layout: 'channels-last', halo: haloOfWindows(depthwiseWindows(depthwise)) };
}

function writeSeparable(context: KernelContext): void {
  const { grid } = context.target;
  const shape = grid && shapeOfSeparable(context.node);
  const isExpanded = shape?.expandFrom !== undefined;
  const ofWorkgroup = grid && isExpanded ? planWorkgroupTile(shape, grid) : undefined;
  const ofThread =
    grid && shape && !isExpanded ? planThreadTile(shape, grid.busyThreads) : undefined;
  if (ofWorkgroup !== undefined) writeWorkgroupTiles(context, ofWorkgroup);
  else if (ofThread !== undefined) writeThreadTiles(context, ofThread);
  else writeBands(context);
}

function writeBands(context: KernelContext): void {
  const { expand, depthwise, pointwise, inOrder } = separableStages(context.node);
  const windows = depthwiseWindows(depthwise);
  const [rows] = windows;
  if (rows === undefined) {
    context.unsupported('has no spatial axis');
    return;
  }
  const [, channels = 1, , ...across] = outputDims(depthwise, 0);
  // Threads that share no memory share whole images: one convolution runs after another.
  const wanted = context.target.grid === undefined ? undefined : rows.output;
  const bandRows = optionalAttribute(context.node, 'band_rows', 'int') ?? 1;
  const plan = planBands(wanted ?? bandRows, rows);
  // Images that are computed at once have scratch memory of their own.
  const atOnce = context.target.grid === undefined ? 1 : (context.memory(0).dims[0] ?? 1);
  const bands = pointwise && context.scratch('band', [atOnce, channels, plan.rows, ...across]);
  const rings = expand && allocateRing(context, expand, windows, plan, atOnce);
  const images = {
    x: context.memory(0),
    y: context.destination(0),
    r: context.has(5) ? context.memory(5) : undefined,
  };
  context.name(nameOf(expand, pointwise));
  for (const stage of inOrder) context.macs(macsOfStage(stage));

  context.block.for('n', images.x.dims[0] ?? 1, (perImage, n) => {
    const x = startAt(images.x, 0, n);
    const y = startAt(images.y, 0, n);
    const r = images.r && startAt(images.r, 0, n);
    const own = <M extends Memory>(memory: M) => (atOnce === 1 ? memory : startAt(memory, 0, n));
    const band = bands && own(bands);
    const ring = rings && { ...rings, memory: own(rings.memory) };
    forTiles(perImage, 'r', rows.output, plan.rows, (block, { start, count }) => {
      if (ring) expandRows(context.stage(ring.expand, block), ring, x, start, count);
      // A band is an image of its own, whose padding, if there is any, is among its rows.
      const source = ring
        ? seenInRing(ring, start, plan)
        : startAt(x, rowAxis, sub(firstSeen(rows, start), index(rows.padBefore)));
      const seen = { ...rows, ...bandWindow(rows, count) };
      const result = { output: rowsOf(y, start, count), residual: r && rowsOf(r, start, count) };
      const filtered = band && rowsOf(band, index(0), count);
      writeLoops(context.stage(depthwise, block), {
        ...stageShape(depthwise, [seen, ...windows.slice(1)]),
        input: source,
        ...(filtered ? { output: filtered, residual: undefined } : result),
      });
      if (pointwise === undefined || filtered === undefined) return;
      writeLoops(context.stage(pointwise, block), {
        ...stageShape(pointwise, pixelWindows([count, ...across])),
        input: filtered,
        ...result,
      });
    });
  });
}

function nameOf(expand: Node | undefined, pointwise: Node | undefined): string {
  if (expand === undefined) return 'conv_separable';
  return pointwise === undefined ? 'conv_expand_depthwise' : 'inverted_residual';
}

function depthwiseWindows(depthwise: Node): Window[] {
  const kernel = inputDims(depthwise, 1).slice(2);
  return windowsOf(depthwise, inputDims(depthwise, 0), outputDims(depthwise, 0), kernel);
}

function bandWindow(rows: Window, count: number): Pick<Window, 'input' | 'output' | 'padBefore'> {
  const input = (count - 1) * rows.stride + extentOf(rows);
  return { input, output: count, padBefore: 0 };
}

/** The input row that stands at the first tap of an output row, the padding above not counted. */
function firstSeen({ stride }: Window, output: Expr): Expr {
  return mul(output, index(stride));
}

function seenInRing(ring: ExpansionRing, start: Expr, { slots }: BandPlan): Memory {
  return { ...ring.memory, ring: { first: firstSeen(ring.rows, start), slots } };
}

/**
 * The rows that an inverted residual block expands, of which no more exist at a time than its
 * depthwise convolution sees.
 *
 * Vocabulary: rows are counted from the padding above the image, so that row t of an image padded by
 * p rows is its row t - p. Row t lies in *slot* t modulo the number of slots. A row is expanded once,
 * when the first band sees it, and stays until no band needs it; a row of the padding is zeros.
 */

import type { Node } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, floormod, index, literal, mul, select, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { nestLoops } from '../schedule/nest-loops.js';
import type { BandPlan } from './band-plan.js';
import { writeLoops } from './convolution.js';
import { type Memory, placeIn, rowAxis, rowsOf } from './convolution-shape.js';
import { fillHalo } from './fill-halo.js';
import { compare, outputDims } from './index-math.js';
import type { Halo, KernelContext } from './rule.js';
import { pixelWindows, stageShape } from './stage-shape.js';
import { haloOfWindows, type Window } from './window.js';

export interface ExpansionRing {
  /** The pointwise convolution that makes the rows. */
  readonly expand: Node;
  /** [images, channels, slots, …], with zeros beside the rows. */
  readonly memory: Memory;
  /** The window of the depthwise convolution along the axis of the rows. */
  readonly rows: Window;
  readonly plan: BandPlan;
}

/** The ring, and the zeros beside its rows, which nothing overwrites. */
export function allocateRing(
  context: KernelContext,
  expand: Node,
  windows: readonly Window[],
  plan: BandPlan,
  images: number,
): ExpansionRing | undefined {
  const [rows] = windows;
  if (rows === undefined) return undefined;
  const [, channels = 1, , ...across] = outputDims(expand, 0);
  const halo = besideRows(haloOfWindows(windows));
  const memory = context.scratch('ring', [images, channels, plan.slots, ...across], halo);
  fillHalo(context.block, memory, halo);
  return { expand, memory, rows, plan };
}

function besideRows({ before, after }: Halo): Halo {
  const beside = (size: number, axis: number): number => (axis > rowAxis ? size : 0);
  return { before: before.map(beside), after: after.map(beside) };
}

/** Makes the rows that `count` output rows from `start` on are the first to see. */
export function expandRows(
  context: KernelContext,
  ring: ExpansionRing,
  image: Memory,
  start: Expr,
  count: number,
): void {
  const { stride, padBefore, input } = ring.rows;
  const { ahead, slots } = ring.plan;
  const seen = mul(start, index(stride));
  const from = select(compare('eq', start, index(0)), index(0), add(seen, index(ahead)));
  const to = add(seen, index(count * stride + ahead));
  const make = (perRow: Block, t: Expr): void => {
    const row = sub(t, index(padBefore));
    const inside = binary('and', binary('ge', row, index(0)), binary('lt', row, index(input)));
    const slot = rowsOf(ring.memory, perRow.let('slot', floormod(t, slots)), 1);
    perRow.if(
      inside,
      (block) => expandRow(context, ring, rowsOf(image, row, 1), slot, block),
      (block) => zeroRow(block, slot),
    );
  };
  context.block.for('t', to, make, 1, from);
}

function expandRow(
  context: KernelContext,
  { expand, memory }: ExpansionRing,
  input: Memory,
  output: Memory,
  block: Block,
): void {
  const windows = pixelWindows([1, ...memory.view.dims.slice(rowAxis + 1)]);
  const shape = stageShape(expand, windows);
  writeLoops(context.stage(expand, block), { ...shape, input, output, residual: undefined });
}

function zeroRow(block: Block, row: Memory): void {
  const [, channels = 1, ...spatial] = row.view.dims;
  nestLoops(block, [...spatial, channels], (inner, at) => {
    const pixel = [index(0), at.at(-1) ?? index(0), ...at.slice(0, -1)];
    inner.store(row.param, placeIn(row, pixel), literal(row.view.dtype, 0));
  });
}

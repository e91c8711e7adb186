/**
 * Which convolutions are computed by Winograd's minimal filtering, with which tiles, in which bands.
 *
 * The cost model counts ops: the multiply-adds that are left, and what the transforms add. An op of
 * these, a load or a store takes as long as a multiply-add of a contraction, which has a load beside it
 * as well. Pixels by which the last tiles overhang the image are computed too. Weights stream past while
 * they are multiplied, so of these two the slower counts; planes that leave the cache are waited for.
 */

import { Block } from '../block.js';
import { variable } from '../expr.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { range } from '../schedule/contraction.js';
import { expressionsIn, exprsOf } from '../traverse.js';
import { countOf } from './index-math.js';
import type { Window } from './window.js';
import {
  pointsOf,
  type TileSide,
  type Transform,
  transformInput,
  transformOutput,
} from './winograd-transforms.js';

/** One convolution, as far as the choice depends on it. */
export interface WinogradShape {
  readonly windows: readonly Window[];
  readonly groups: number;
  /** Input and output channels of one group. */
  readonly inputs: number;
  readonly outputs: number;
}

export interface WinogradPlan {
  /** Output pixels of a tile along each axis. */
  readonly side: TileSide;
  /** Rows of tiles of a band; the last band may have fewer. */
  readonly bandRows: number;
}

const sides: readonly TileSide[] = [2, 4];

/** The transformed filter takes more memory than the filter: for a small gain it is not made. */
const worthMemory = 0.9;

/** Undefined where the direct form is faster, or the only one. */
export function planWinograd(target: Capabilities, shape: WinogradShape): WinogradPlan | undefined {
  if (target.winograd === 'none' || !isLegal(shape)) return undefined;
  const best = cheapest(
    sides
      .filter((side) => target.winograd === 'auto' || target.winograd === side)
      .flatMap((side) => plansOf(target, shape, side)),
  );
  if (best === undefined) return undefined;
  const isFaster = best.cost < worthMemory * costOfDirect(target, shape);
  return target.winograd !== 'auto' || isFaster ? best.plan : undefined;
}

/** The windows of all that is computed, pixels that overhang the image included. */
export function windowsOfTiles(windows: readonly Window[], side: TileSide): readonly Window[] {
  return windows.map((w) => ({ ...w, output: Math.ceil(w.output / side) * side }));
}

function isLegal({ windows, groups }: WinogradShape): boolean {
  const ofThreeTaps = ({ kernel, stride, dilation, output }: Window): boolean =>
    kernel === 3 && stride === 1 && dilation === 1 && output > 0;
  return groups === 1 && windows.length === 2 && windows.every(ofThreeTaps);
}

interface CostedPlan {
  readonly plan: WinogradPlan;
  /** Nanoseconds of one image. */
  readonly cost: number;
}

function cheapest(plans: readonly CostedPlan[]): CostedPlan | undefined {
  const [first, ...others] = plans;
  return first && others.reduce((best, plan) => (plan.cost < best.cost ? plan : best), first);
}

/** At most so many bands an image are tried, and then bands of at most so many rows. */
const mostTried = 64;

/** Heights of bands, the whole image first: those of few bands, and the low ones. */
function heightsOf(rows: number): readonly number[] {
  const tried = range(Math.min(mostTried, rows)).map((i) => i + 1);
  const heights = new Set(tried.flatMap((count) => [Math.ceil(rows / count), count]));
  return [...heights].sort((a, b) => b - a);
}

function plansOf(target: Capabilities, shape: WinogradShape, side: TileSide): CostedPlan[] {
  const rows = Math.ceil((shape.windows[0]?.output ?? 0) / side);
  return heightsOf(rows).map((bandRows) => {
    const plan = { side, bandRows };
    const cost = costOf(target, shape, plan);
    return { plan, cost: rows % plan.bandRows === 0 ? cost : cost * twiceTheCode };
  });
}

/** What bands of two heights must be better by. */
const twiceTheCode = 1.05;

function costOf(
  target: Capabilities,
  { windows, inputs, outputs }: WinogradShape,
  { side, bandRows }: WinogradPlan,
): number {
  const [rows = 0, across = 0] = windows.map((window) => Math.ceil(window.output / side));
  const points = pointsOf(side) ** 2;
  const tiles = rows * across;
  const tilesOfBand = bandRows * across;
  const ofTile = transformOps[side];
  const transforms =
    ofTile.input * opsInLanes(target, inputs) + ofTile.output * opsInLanes(target, outputs);
  const planes = 4 * points * (inputs + outputs);
  // They are written and read.
  const leaving = (2 * beyondCache(target, planes * tilesOfBand) * tiles) / tilesOfBand;
  const products = costOfProducts(target, {
    rows: tilesOfBand,
    columns: outputs,
    depth: inputs,
    count: points * (tiles / tilesOfBand),
    weights: points * inputs * outputs,
    sweeps: Math.ceil(tiles / tilesOfBand),
  });
  const { contraction, memory } = target.costs;
  return products + (tiles * transforms) / contraction + leaving / memory;
}

function costOfDirect(target: Capabilities, { windows, inputs, outputs }: WinogradShape): number {
  const depth = countOf(windows.map(({ kernel }) => kernel)) * inputs;
  const [count = 0, rows = 0] = windows.map(({ output }) => output);
  const weights = depth * outputs;
  return costOfProducts(target, { rows, columns: outputs, depth, count, weights, sweeps: 1 });
}

/** Products of [rows, depth] and [depth, columns]. */
interface Products {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly count: number;
  /** Of all products together, and how often they are read from the first to the last. */
  readonly weights: number;
  readonly sweeps: number;
}

/** A tile of fewer rows than the target likes takes as long as one of as many. */
function costOfProducts(
  target: Capabilities,
  { rows, columns, depth, count, weights, sweeps }: Products,
): number {
  const sums = count * Math.max(rows, target.tileRows) * opsInLanes(target, columns);
  const streamed = sweeps * beyondCache(target, 4 * weights);
  const { contraction, memory } = target.costs;
  return Math.max((sums * (depth + opsOfSum)) / contraction, streamed / memory);
}

function beyondCache({ cacheBytes }: Capabilities, bytes: number): number {
  return Math.max(0, bytes - cacheBytes);
}

/** What it takes to begin a sum and to store it. */
const opsOfSum = 2;

/** What does not fill a vector is computed one by one. */
function opsInLanes({ lanes }: Capabilities, channels: number): number {
  const rest = channels % lanes;
  return channels - rest + rest * lanes;
}

/** Ops of the transforms of one tile and channel, loads and stores included. */
const transformOps: Readonly<
  Record<TileSide, { readonly input: number; readonly output: number }>
> = { 2: opsOfTile(2), 4: opsOfTile(4) };

function opsOfTile(side: TileSide): { readonly input: number; readonly output: number } {
  const points = pointsOf(side);
  const along = (transform: Transform): number => countOps(transform, points);
  return {
    input: 2 * points ** 2 + 2 * points * along(transformInput(side)),
    output: points ** 2 + side ** 2 + (points + side) * along(transformOutput(side)),
  };
}

/** The ops of a transform, counted where it is written. */
function countOps(transform: Transform, values: number): number {
  const block = new Block();
  transform(
    block,
    range(values).map((i) => variable(`x${i}`, 'float32')),
  );
  const parts = block.stmts.flatMap(exprsOf).flatMap((expr) => [...expressionsIn(expr)]);
  return parts.filter(({ kind }) => kind === 'binary').length;
}

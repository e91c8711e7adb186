/**
 * What the ways to compute a chain of depthwise and pointwise convolutions cost on a target, as an
 * estimate. docs/design/separable.md derives the formulas.
 *
 * Vocabulary: a *way* is a partition of the chain's stages into kernels. Where a kernel has several
 * stages it works in *bands* of output rows, and what lies between its stages is scratch memory: one
 * band of filtered rows and, of expanded rows, those that the band sees.
 */

import { bandRowsOf, optionalAttribute, type TargetCapabilities } from '@whittle/ir';
import type { ChainCost, KernelCost } from './chain-cost.js';
import { bytesOf, type ChainStages, type Stage } from './chain-stages.js';
import { costOnGrid } from './grid-cost.js';

/** The costs of every way: first all stages apart, then the last two in one kernel, and so on. */
export function costsOfChain(chain: ChainStages, target: TargetCapabilities): ChainCost[] {
  return chain.stages.map((_, i) => costOfWay(chain, i + 1, target));
}

function costOfWay(
  { stages, residual }: ChainStages,
  fused: number,
  target: TargetCapabilities,
): ChainCost {
  const alone = stages.slice(0, -fused).map((stage) => [stage]);
  const kernels = [...alone, stages.slice(-fused)];
  const costs = kernels.map((kernel) => costOfKernel(kernel, target));
  const kept = residual === undefined ? 0 : bytesOf(residual);
  const arenas = costs.map(({ arenaBytes }, i) => {
    const isInput = kernels[i]?.[0]?.input.value === residual;
    return arenaBytes + (isInput ? 0 : kept);
  });
  return {
    fused,
    kernels: kernels.length,
    nanoseconds: sumOf(costs.map((cost) => cost.nanoseconds)),
    arenaBytes: Math.max(...arenas),
    movedBytes: sumOf(costs.map((cost) => cost.movedBytes)),
    bandRows: Math.max(...costs.map((cost) => cost.bandRows)),
  };
}

/** Of equal times, the way that takes the least of the arena; of equal arenas, the fewest kernels. */
export function cheapest(costs: readonly ChainCost[]): ChainCost | undefined {
  const fastest = Math.min(...costs.map(({ nanoseconds }) => nanoseconds));
  return costs
    .filter(({ nanoseconds }) => nanoseconds <= fastest * (1 + equalWithin))
    .sort((a, b) => a.arenaBytes - b.arenaBytes || a.kernels - b.kernels)[0];
}

/** Times closer than this are one: the estimate is no better, and neither are measurements. */
export const equalWithin = 0.01;

function costOfKernel(stages: readonly Stage[], target: TargetCapabilities): KernelCost {
  if (target.grid !== undefined) return costOnGrid(stages, target, target.grid);
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A kernel has stages.');
  const bands = stages.length === 1 ? undefined : chooseBands(stages, target);
  const times = stages.map((stage, i) => {
    const isLast = i === stages.length - 1;
    // A band's rows are expanded one by one, and projected as one.
    const rows = bands === undefined ? stage.output.rows : isLast ? bands.rows : 1;
    return stage.macs / rateOf(stage, rows * stage.output.pixelsOfRow, target);
  });
  const sweeps =
    bands === undefined ? 1 : last.output.count * Math.ceil(last.output.rows / bands.rows);
  const weightBytes = sumOf(stages.map((stage) => stage.weightBytes));
  const spilled = (bytes: number): number => (bytes > target.cacheBytes ? bytes : 0);
  const movedBytes =
    spilled(first.input.bytes) +
    spilled(last.output.bytes) +
    (weightBytes > target.cacheBytes ? weightBytes * sweeps : weightBytes);
  return {
    nanoseconds: Math.max(sumOf(times), movedBytes / target.costs.memory) + target.costs.launch,
    arenaBytes: first.input.bytes + last.output.bytes + (bands?.scratchBytes ?? 0),
    movedBytes,
    bandRows: bands?.rows ?? 0,
  };
}

/**
 * Multiply-adds a nanosecond. A tile of fewer pixels than the target's best loads more for each of its
 * multiply-adds, rows + columns for rows × columns.
 */
function rateOf(stage: Stage, pixels: number, { costs, ...tile }: TargetCapabilities): number {
  if (stage.kind === 'depthwise') return costs.depthwise;
  const loadsOf = (rows: number): number => (rows + tile.tileColumns) / (rows * tile.tileColumns);
  const rows = Math.min(pixels, tile.tileRows);
  return (costs.contraction * loadsOf(tile.tileRows)) / loadsOf(rows);
}

interface Bands {
  readonly rows: number;
  readonly scratchBytes: number;
}

/**
 * As many rows as keep the scratch memory within half of the cache. A larger band would sweep over
 * the weights less often, a smaller one take less of the arena.
 */
function chooseBands(stages: readonly Stage[], target: TargetCapabilities): Bands {
  const filter = stages.find(({ kind }) => kind === 'depthwise');
  if (filter === undefined) throw new RangeError('A chain has a depthwise stage.');
  const { node, input, output } = filter;
  const window = {
    kernel: filter.kernelRows,
    stride: optionalAttribute(node, 'strides', 'ints')?.[0] ?? 1,
    dilation: optionalAttribute(node, 'dilations', 'ints')?.[0] ?? 1,
  };
  // The first stage reads the chain's input where it lies, and the last one writes its output there.
  const expandedRow = filter === stages[0] ? 0 : input.rowBytes;
  const filteredRow = filter === stages.at(-1) ? 0 : output.rowBytes;
  const scratchOf = (rows: number): number =>
    rows * filteredRow + bandRowsOf(window, rows).slots * expandedRow;
  let most = 1;
  while (most < output.rows && scratchOf(most + 1) <= target.cacheBytes / 2) most++;
  const rows = nearbyDivisor(output.rows, most);
  return { rows, scratchBytes: scratchOf(rows) };
}

/** The largest divisor of `n` up to `most`, or `most` where that is less than a third of it. */
function nearbyDivisor(n: number, most: number): number {
  let divisor = most;
  while (n % divisor !== 0) divisor--;
  return divisor * 3 < most ? most : divisor;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/**
 * What a kernel of a chain costs where many threads run it: convolutions apart, a thread for each register
 * tile of the output; or fused, in tiles of threads or of workgroups (`planThreadTile`,
 * `planWorkgroupTile`), which are fewer and compute some of it twice, and save a launch and what would go
 * through memory.
 */

import {
  optionalAttribute,
  planThreadTile,
  planWorkgroupTile,
  type SeparableShape,
  type TargetCapabilities,
  type TargetCosts,
  type ThreadGrid,
  type WindowAxis,
} from '@whittle/ir';
import type { KernelCost } from './chain-cost.js';
import type { Stage } from './chain-stages.js';

export function costOnGrid(
  stages: readonly Stage[],
  target: TargetCapabilities,
  grid: ThreadGrid,
): KernelCost {
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A kernel has stages.');
  const work =
    stages.length === 1 ? workApart(first, target) : workInTiles(stages, target.costs, grid);
  const busy = Math.min(1, (work?.threads ?? 1) / grid.busyThreads);
  const { costs } = target;
  const movedBytes =
    first.input.bytes +
    last.output.bytes +
    stages.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
  return {
    nanoseconds:
      work === undefined
        ? Number.POSITIVE_INFINITY
        : work.macs / work.rate / busy + movedBytes / costs.memory + costs.launch,
    // Where there are no tiles, the stages run one after another, over whole images.
    arenaBytes:
      first.input.bytes +
      last.output.bytes +
      (work === undefined
        ? stages.slice(0, -1).reduce((sum, { output }) => sum + output.bytes, 0)
        : 0),
    movedBytes,
    bandRows: work?.rows ?? last.output.rows,
  };
}

interface Work {
  readonly macs: number;
  /** Of them, a nanosecond. */
  readonly rate: number;
  readonly threads: number;
  /** Output rows of a tile; 0 where there are none. */
  readonly rows: number;
}

function workApart(stage: Stage, { tileRows, tileColumns, costs }: TargetCapabilities): Work {
  const elements = stage.output.bytes / 4;
  const tile = tileRows * tileColumns;
  // A thread filters twice as many pixels as it mixes.
  const [rate, ofThread] =
    stage.kind === 'depthwise' ? [costs.depthwise, 2 * tile] : [costs.contraction, tile];
  return { macs: stage.macs, rate, threads: elements / ofThread, rows: 0 };
}

function workInTiles(
  stages: readonly Stage[],
  { contraction: rate }: TargetCosts,
  grid: ThreadGrid,
): Work | undefined {
  const shape = shapeOf(stages);
  const images = stages[0]?.input.count ?? 1;
  if (shape?.expandFrom === undefined) {
    const tile = shape && planThreadTile(shape, grid.busyThreads);
    return tile && { macs: tile.work * images, rate, threads: tile.threads * images, rows: 1 };
  }
  // Threads that share memory wait for each other.
  const tile = planWorkgroupTile(shape, grid);
  if (tile === undefined) return undefined;
  const threads = tile.workgroups * images * grid.workgroupSize;
  return { macs: waiting * tile.macs * images, rate, threads, rows: tile.rows };
}

/** How many times as long multiply-adds take where each phase waits for the one before. */
const waiting = 2;

/** Undefined where tiles cannot be: they are of float32, with weights that are known. */
function shapeOf(stages: readonly Stage[]): SeparableShape | undefined {
  const canBeTiled = stages.every(({ node: { inputs } }) => {
    const [x, w] = inputs;
    return x?.type?.dtype === 'float32' && w?.constant !== undefined;
  });
  if (!canBeTiled) return undefined;
  const filter = stages.find(({ kind }) => kind === 'depthwise');
  const at = filter === undefined ? -1 : stages.indexOf(filter);
  if (filter === undefined) return undefined;
  const [rows, columns] = windowsOf(filter);
  const channels = channelsOf(filter.output);
  if (rows === undefined || columns === undefined || channels !== channelsOf(filter.input)) {
    return undefined;
  }
  const [expand, mix] = [stages[at - 1], stages[at + 1]];
  return {
    rows: filter.output.rows,
    columns: filter.output.pixelsOfRow,
    windows: [rows, columns],
    expandFrom: expand && channelsOf(expand.input),
    channels,
    outputs: mix && channelsOf(mix.output),
  };
}

/** One for each spatial axis; the shape of a tile has two. */
function windowsOf({ node }: Stage): readonly WindowAxis[] {
  const kernel = node.inputs[1]?.type?.dims.slice(2) ?? [];
  if (kernel.length !== 2) return [];
  return kernel.map((size, axis) => ({
    kernel: Number(size),
    stride: optionalAttribute(node, 'strides', 'ints')?.[axis] ?? 1,
    dilation: optionalAttribute(node, 'dilations', 'ints')?.[axis] ?? 1,
  }));
}

function channelsOf({ rowBytes, pixelsOfRow }: Stage['input']): number {
  return rowBytes / 4 / pixelsOfRow;
}

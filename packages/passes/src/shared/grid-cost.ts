/**
 * What a kernel of a chain costs where many threads run it: convolutions apart, a thread for each register
 * tile of the output; or in tiles of workgroups (`planWorkgroupTile`), which compute some pixels twice and
 * are fewer, and save a launch and what would go through memory.
 */

import {
  optionalAttribute,
  planWorkgroupTile,
  type SeparableShape,
  type TargetCapabilities,
  type ThreadGrid,
  type WindowAxis,
} from '@whittle/ir';
import type { Stage } from './chain-stages.js';
import type { KernelCost } from './separable-cost.js';

export function costOnGrid(
  stages: readonly Stage[],
  target: TargetCapabilities,
  grid: ThreadGrid,
): KernelCost {
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A kernel has stages.');
  const work = stages.length === 1 ? workApart(first, target) : workInTiles(stages, grid);
  const busy = Math.min(1, (work?.threads ?? 1) / grid.busyThreads);
  const { costs } = target;
  const movedBytes =
    first.input.bytes +
    last.output.bytes +
    stages.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
  const filtered = sumOfMacs(stages.filter(({ kind }) => kind === 'depthwise'));
  const mixed = (work?.macs ?? 0) - filtered;
  const arithmetic = (filtered / costs.depthwise + mixed / costs.contraction) / busy;
  return {
    nanoseconds:
      work === undefined
        ? Number.POSITIVE_INFINITY
        : arithmetic + movedBytes / costs.memory + costs.launch,
    arenaBytes: first.input.bytes + last.output.bytes,
    movedBytes,
    bandRows: work?.rows ?? 0,
  };
}

interface Work {
  readonly macs: number;
  readonly threads: number;
  /** Output rows of a tile; 0 where there are none. */
  readonly rows: number;
}

function workApart(stage: Stage, { tileRows, tileColumns }: TargetCapabilities): Work {
  const elements = stage.output.bytes / 4;
  return { macs: stage.macs, threads: elements / (tileRows * tileColumns), rows: 0 };
}

function workInTiles(stages: readonly Stage[], grid: ThreadGrid): Work | undefined {
  const shape = shapeOf(stages);
  const tile = shape && planWorkgroupTile(shape, grid);
  const images = stages[0]?.input.count ?? 1;
  if (tile === undefined) return undefined;
  const threads = tile.workgroups * images * grid.workgroupSize;
  return { macs: tile.macs * images, threads, rows: tile.rows };
}

function shapeOf(stages: readonly Stage[]): SeparableShape | undefined {
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

function sumOfMacs(stages: readonly Stage[]): number {
  return stages.reduce((sum, { macs }) => sum + macs, 0);
}

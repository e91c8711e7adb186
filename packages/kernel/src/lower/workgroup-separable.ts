/**
 * Separable convolution for targets with a grid: each workgroup makes a tile of the output, and what
 * lies between the convolutions is memory that its threads share. `planWorkgroupTile` says how large
 * tiles are, and draws the loops.
 *
 * Sums over several chunks of channels are kept in shared memory too; with one chunk they are locals.
 */

import { separableStages, type WorkgroupTile } from '@whittle/ir';
import type { Block } from '../block.js';
import type { Expr } from '../loop-ir.js';
import { outputDims } from './index-math.js';
import type { KernelContext } from './rule.js';
import { packFilters, windowsOfFilter } from './separable-parts.js';
import { macsOfStage } from './stage-shape.js';
import {
  clearSums,
  expandSeen,
  filterTile,
  mixTile,
  storeSums,
  type TilePlace,
  type Tiling,
} from './workgroup-phases.js';

export function writeWorkgroupTiles(context: KernelContext, tile: WorkgroupTile): void {
  const stages = separableStages(context.node);
  const { expand, depthwise, pointwise } = stages;
  const [rows, columns] = windowsOfFilter(depthwise);
  if (rows === undefined || columns === undefined) {
    context.unsupported('has no two spatial axes');
    return;
  }
  const [, channels = 1] = outputDims(depthwise, 0);
  const pixels = tile.rows * tile.columns;
  const hasChunks = tile.chunk < channels;
  const shared = (stem: string, length: number, isThere: boolean): string | undefined =>
    isThere ? context.shared(stem, length) : undefined;
  const seen = tile.seenRows * tile.seenColumns;
  const tiling: Tiling = {
    context,
    stages,
    tile,
    windows: [rows, columns],
    channels,
    filters: packFilters(context),
    expanded: shared('expanded', seen * tile.chunk, expand !== undefined),
    filtered: shared('filtered', pixels * tile.chunk, pointwise !== undefined),
    sums: shared('sums', pixels * tile.outputs, pointwise !== undefined && hasChunks),
  };
  const outputs = pointwise === undefined ? tile.outputs : (outputDims(pointwise, 0)[1] ?? 1);
  const name = pointwise === undefined ? 'conv_expand_depthwise' : 'conv_separable';
  context.name(expand !== undefined && pointwise !== undefined ? 'inverted_residual' : name);
  for (const stage of stages.inOrder) context.macs(macsOfStage(stage));
  context.block.for('n', outputDims(depthwise, 0)[0] ?? 1, (perImage, n) => {
    const axis = (block: Block, stem: string, extent: number, size: number, body: Inner): void =>
      block.for(stem, extent, body, size);
    axis(perImage, 'r', rows.output, tile.rows, (perRow, row) => {
      axis(perRow, 'c', columns.output, tile.columns, (perColumn, column) => {
        axis(perColumn, 'o', outputs, tile.outputs, (block, output) => {
          writeTile(tiling, block, { n, row, column, output });
        });
      });
    });
  });
}

type Inner = (block: Block, at: Expr) => void;

function writeTile(tiling: Tiling, block: Block, place: TilePlace): void {
  const { tile, channels, sums } = tiling;
  if (sums !== undefined) clearSums(tiling, sums, block);
  block.for(
    'k',
    channels,
    (perChunk, first) => {
      expandSeen(tiling, perChunk, place, first);
      filterTile(tiling, perChunk, place, first);
      mixTile(tiling, perChunk, place, first);
    },
    tile.chunk,
  );
  if (sums !== undefined) storeSums(tiling, sums, block, place);
}

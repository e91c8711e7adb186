/** Optimised models as the table that people read. */

import type { EngineComparison, OptimizedModel } from '../harness/measure-optimized.js';
import { formatTable } from './format-table.js';
import { bestCountFor } from './simplifier-counts.js';

export function formatOptimized(
  models: readonly OptimizedModel[],
  style: 'plain' | 'markdown',
): string {
  const engines = models[0]?.engines.map(({ engine }) => engine) ?? [];
  const head = [
    'model',
    'nodes',
    'optimized',
    'ort basic',
    'best published',
    'optimize s',
    ...engines.flatMap((engine) => [`${engine} ratio`, 'by round', 'difference']),
  ];
  const rows = models.map(({ model, nodes, optimizeSeconds, engines }) => {
    const best = bestCountFor(model, nodes.before);
    return [
      model,
      ...[nodes.before, nodes.after, nodes.onnxruntimeBasic].map(String),
      best === undefined ? '' : `${best.nodes} ${best.by}`,
      optimizeSeconds.median.toFixed(2),
      ...engines.flatMap(cellsOf),
    ];
  });
  return formatTable({ head, rows }, style);
}

function cellsOf(comparison: EngineComparison): string[] {
  if ('skipped' in comparison) return ['skipped', '', ''];
  if ('refused' in comparison) return [`${comparison.refused} refused`, '', ''];
  const { ratio, ratioByRound, outputs } = comparison;
  return [
    ratio.toFixed(2),
    `${ratioByRound.p25.toFixed(2)} to ${ratioByRound.p75.toFixed(2)}`,
    outputs.relativeError.toExponential(1),
  ];
}

/** What the table has no room for, one line each: models that are skipped, refused or wrong. */
export function problemsOf({ model, engines }: OptimizedModel): string[] {
  return engines.flatMap((comparison) => {
    const problem = problemOf(comparison);
    return problem === undefined ? [] : [`${model}, ${comparison.engine}: ${problem}`];
  });
}

function problemOf(comparison: EngineComparison): string | undefined {
  if ('skipped' in comparison) return `skipped, as ${comparison.skipped}`;
  if ('refused' in comparison)
    return `refuses the ${comparison.refused} model: ${comparison.reason}`;
  const { agrees, relativeError, problems } = comparison.outputs;
  if (agrees) return undefined;
  return ['outputs differ', `largest error ${relativeError.toExponential(1)}`, ...problems].join(
    '; ',
  );
}

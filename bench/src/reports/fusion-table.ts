/** What the three ways of fusing give, as the table that people read: one row a model and way. */

import type { FusionComparison } from '../harness/measure-fusion.js';
import { formatTable } from './format-table.js';

export interface FusedModel extends FusionComparison {
  readonly model: string;
}

export function formatFusion(models: readonly FusedModel[], style: 'plain' | 'markdown'): string {
  const head = [
    'model',
    'fuse',
    'steps',
    'median ms',
    'p25 to p75',
    'auto / better',
    'by round',
    'arena bytes',
    'lower bound',
    'difference',
  ];
  const rows = models.flatMap(({ model, modes, auto, better }) =>
    modes.map(({ mode, program, milliseconds: { p25, median, p75 }, outputs }) => [
      model,
      mode,
      String(program.steps),
      median.toFixed(1),
      `${p25.toFixed(1)} to ${p75.toFixed(1)}`,
      ...(mode === 'auto'
        ? [
            `${auto.ratio.toFixed(2)} of ${better}`,
            `${auto.ratioByRound.p25.toFixed(2)} to ${auto.ratioByRound.p75.toFixed(2)}`,
          ]
        : ['', '']),
      String(program.arenaBytes),
      String(program.arenaLowerBoundBytes),
      outputs.relativeError.toExponential(1),
    ]),
  );
  return formatTable({ head, rows }, style);
}

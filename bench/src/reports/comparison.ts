/** One model, several engines: the numbers, and the table that people read. */

import type { Engine } from '../engines/engine.js';
import { type Difference, differenceBetween } from '../harness/difference.js';
import { type Ratio, ratioOf } from '../harness/ratio.js';
import { type Spread, spreadOf } from '../harness/spread.js';
import { formatTable } from './format-table.js';

/** The ratio is to the first engine; above 1, the first is faster. */
export interface EngineResult extends Ratio {
  readonly id: string;
  readonly title: string;
  readonly milliseconds: Spread;
  /** Against the scores of the first. */
  readonly difference: Difference;
  readonly samples: readonly number[];
}

/** The first engine is the one that the others are compared with. */
export function compareEngines(
  engines: readonly Engine[],
  scores: readonly Float32Array[],
  samples: readonly (readonly number[])[],
): EngineResult[] {
  const [base = []] = samples;
  const [expected = new Float32Array()] = scores;
  return engines.map(({ id, title }, i) => {
    const sample = samples[i] ?? [];
    return {
      id,
      title,
      milliseconds: spreadOf(sample),
      ...ratioOf(sample, base),
      difference: differenceBetween(scores[i] ?? new Float32Array(), expected),
      samples: sample,
    };
  });
}

export function formatComparison(
  results: readonly EngineResult[],
  style: 'plain' | 'markdown',
): string {
  const head = [
    'engine',
    'min ms',
    'p25',
    'median',
    'p75',
    'ratio',
    'ratio by round',
    'difference',
  ];
  const rows = results.map(({ title, milliseconds, ratio, ratioByRound, difference }, i) => [
    title,
    ...[milliseconds.min, milliseconds.p25, milliseconds.median, milliseconds.p75].map((value) =>
      value.toFixed(1),
    ),
    ratio.toFixed(2),
    i === 0 ? '' : `${ratioByRound.p25.toFixed(2)} to ${ratioByRound.p75.toFixed(2)}`,
    i === 0 ? '' : difference.relative.toExponential(1),
  ]);
  return formatTable({ head, rows }, style);
}

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
  /** From nothing to the first scores, in a fresh process. */
  readonly load?: { readonly milliseconds: Spread; readonly samples: readonly number[] };
  /** Gzipped, without the weights. */
  readonly codeBytes?: number;
  readonly samples: readonly number[];
}

/** What was measured, for each engine in order. */
export interface Measurements {
  readonly scores: readonly Float32Array[];
  readonly samples: readonly (readonly number[])[];
  /** Of loading; empty for an engine that has none. */
  readonly loads?: readonly (readonly number[])[];
}

/** The first engine is the one that the others are compared with. */
export function compareEngines(
  engines: readonly Engine[],
  { scores, samples, loads = [] }: Measurements,
): EngineResult[] {
  const [base = []] = samples;
  const [expected = new Float32Array()] = scores;
  return engines.map(({ id, title, codeBytes }, i) => {
    const sample = samples[i] ?? [];
    const load = loads[i] ?? [];
    return {
      id,
      title,
      milliseconds: spreadOf(sample),
      ...ratioOf(sample, base),
      difference: differenceBetween(scores[i] ?? new Float32Array(), expected),
      ...(load.length > 0 && { load: { milliseconds: spreadOf(load), samples: load } }),
      ...(codeBytes !== undefined && { codeBytes }),
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
    'load ms',
    'code kB',
  ];
  const rows = results.map((result, i) => {
    const { milliseconds, ratioByRound, difference, load, codeBytes } = result;
    const { min, p25, median, p75 } = milliseconds;
    return [
      result.title,
      ...[min, p25, median, p75].map((value) => value.toFixed(1)),
      result.ratio.toFixed(2),
      i === 0 ? '' : `${ratioByRound.p25.toFixed(2)} to ${ratioByRound.p75.toFixed(2)}`,
      i === 0 ? '' : difference.relative.toExponential(1),
      load?.milliseconds.median.toFixed(0) ?? '',
      codeBytes === undefined ? '' : (codeBytes / 1000).toFixed(1),
    ];
  });
  return formatTable({ head, rows }, style);
}

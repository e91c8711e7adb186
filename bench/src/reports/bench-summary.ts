/** How the first engine does beside each other one over all models: geometric means of ratios. */

import type { BenchResult, ModelResult } from './bench-result.js';
import type { Table } from './format-table.js';

interface Group {
  readonly title: string;
  readonly has: (id: string) => boolean;
}

/** The models whose ratios one mean takes together. */
const groups: readonly Group[] = [
  { title: 'zoo', has: (id) => !id.startsWith('pp-ocr') },
  { title: 'separable', has: (id) => /^(mobilenet|efficientnet|pp-ocr)/.test(id) },
  { title: 'MobileNetV2', has: (id) => id === 'mobilenet-v2' },
];

/** Which engines there are: the base first, then in the order of the first model that has them. */
export function engineIds(models: readonly ModelResult[]): readonly string[] {
  return [...new Set(models.flatMap(({ engines }) => engines.map(({ id }) => id)))];
}

/** A row for each engine but the first, over the models that both ran. */
export function summaryTable({ models }: Pick<BenchResult, 'models'>): Table {
  const [base, ...others] = engineIds(models);
  const head = [`by ${base}`, ...groups.map(({ title }) => title), 'smallest', 'load'];
  const both = models.filter(({ engines }) => engines[0]?.id === base);
  return { head, rows: others.map((id) => [id, ...summarizeEngine(both, id)]) };
}

function summarizeEngine(models: readonly ModelResult[], id: string): string[] {
  const compared = models.flatMap(({ id: model, engines }) => {
    const [base] = engines;
    const engine = engines.find((candidate) => candidate.id === id);
    if (base === undefined || engine === undefined) return [];
    const loads = [engine, base].map(({ load }) => load?.milliseconds.median ?? Number.NaN);
    return [{ model, ratio: engine.ratio, load: (loads[0] ?? 0) / (loads[1] ?? 0) }];
  });
  const means = groups.map(({ has }) =>
    formatMean(compared.filter(({ model }) => has(model)).map(({ ratio }) => ratio)),
  );
  const least = compared.reduce((a, b) => (b.ratio < a.ratio ? b : a), {
    model: '',
    ratio: Infinity,
  });
  const loads = compared.map(({ load }) => load).filter(Number.isFinite);
  return [...means, `${least.ratio.toFixed(2)} (${least.model})`, formatMean(loads)];
}

/** Of `values`, and of how many; empty for none. */
function formatMean(values: readonly number[]): string {
  if (values.length === 0) return '';
  const mean = geometricMean(values).toFixed(2);
  return values.length === 1 ? mean : `${mean} (${values.length} models)`;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** What the first engine makes of the machine on a model, in GFLOP/s and by the peak. */
export function shareOfPeak({ macs, peakGflops, engines }: ModelResult) {
  const gflops = (2 * macs) / (engines[0]?.milliseconds.median ?? Number.NaN) / 1e6;
  return { gflops, share: gflops / peakGflops };
}

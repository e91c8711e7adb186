/** A whole run of `npm run bench` as Markdown, for the pages that show it. */

import type { BenchResult, ModelResult } from './bench-result.js';
import { engineIds, shareOfPeak, summaryTable } from './bench-summary.js';
import type { EngineResult } from './comparison.js';
import { formatTable, type Table } from './format-table.js';

/** Where and when, how to read the numbers, and what the engines are. */
function describeRun({ environment, settings, models }: BenchResult): string {
  const { cpu, node, v8, commit, date, load } = environment;
  const changes = commit.endsWith('-dirty') ? ' with changes' : '';
  const ids = engineIds(models);
  const base = ids[0] ?? '';
  const titles = ids.map((id) => {
    const title = models.flatMap((model) => findEngine(model, id)?.title ?? [])[0];
    return `\`${id}\` is ${title}`;
  });
  return [
    `${cpu}, Node ${node}, V8 ${v8}, load ${load}; ${date.slice(0, 10)}, commit ${commit.slice(0, 7)}${changes}.`,
    `Medians in milliseconds of up to ${settings.rounds} rounds in turns, after ${settings.warmup} to warm up; one thread each.`,
    `In parentheses the ratio to \`${base}\`, above 1 where \`${base}\` is faster, and the middle half of it by round.`,
    `${titles.join('; ')}.`,
  ].join('\n');
}

/** The base with its spread and its share of the peak; then every other engine. */
export function timesTable({ models }: BenchResult): Table {
  const [base = '', ...others] = engineIds(models);
  const head = ['model', base, 'p25 to p75', 'GFLOP/s', 'of peak', ...others];
  const rows = models.map((model) => {
    const isComparable = model.engines[0]?.id === base;
    const times = others.map((id) => formatTime(findEngine(model, id), isComparable));
    return [model.title, ...baseCells(model, base), ...times];
  });
  return { head, rows };
}

function baseCells(model: ModelResult, base: string): string[] {
  const result = findEngine(model, base);
  if (result === undefined) return ['–', '–', '–', '–'];
  const { median, p25, p75 } = result.milliseconds;
  const { gflops, share } = shareOfPeak(model);
  return [
    median.toFixed(1),
    `${p25.toFixed(1)} to ${p75.toFixed(1)}`,
    gflops.toFixed(1),
    `${(100 * share).toFixed(0)} %`,
  ];
}

/** Milliseconds to the first scores, and the code to download. */
function loadsTable({ models }: BenchResult): Table {
  const has = (id: string, key: 'load' | 'codeBytes') =>
    models.some((model) => findEngine(model, id)?.[key] !== undefined);
  const ids = engineIds(models);
  const loads = ids.filter((id) => has(id, 'load'));
  const codes = ids.filter((id) => has(id, 'codeBytes'));
  const head = [
    'model',
    ...loads.map((id) => `${id}, load ms`),
    ...codes.map((id) => `${id}, code kB`),
  ];
  const rows = models.map((model) => [
    model.title,
    ...loads.map((id) => findEngine(model, id)?.load?.milliseconds.median.toFixed(0) ?? ''),
    ...codes.map((id) => formatKilobytes(findEngine(model, id)?.codeBytes)),
  ]);
  return { head, rows };
}

/** What goes between the marks of a page. The front page has no room for loading. */
export function benchBlock(result: BenchResult, isFrontPage: boolean): string {
  const tables = [timesTable(result), ...(isFrontPage ? [] : [loadsTable(result)])];
  return [
    describeRun(result),
    ...[...tables, summaryTable(result)].map((table) => formatTable(table, 'markdown')),
  ].join('\n\n');
}

function findEngine({ engines }: ModelResult, id: string): EngineResult | undefined {
  return engines.find((engine) => engine.id === id);
}

function formatTime(result: EngineResult | undefined, isComparable: boolean): string {
  if (result === undefined) return '–';
  const { milliseconds, ratio, ratioByRound } = result;
  const time = milliseconds.median.toFixed(1);
  const spread = `${ratioByRound.p25.toFixed(2)} to ${ratioByRound.p75.toFixed(2)}`;
  return isComparable ? `${time} (**${ratio.toFixed(2)}**, ${spread})` : time;
}

function formatKilobytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1000).toFixed(1);
}

/** Times and counts of the engines on WebGPU, as the tables that people read. */

import { formatTable, type Table } from '../reports/format-table.js';
import type { LongestBlock } from './page/block-watch.js';
import type { WebgpuEngineResult, WebgpuModelResult, WebgpuResult } from './webgpu-result.js';

type Style = 'plain' | 'markdown';

/** Both tables of one model. */
export function formatModel({ engines }: WebgpuModelResult, style: Style): string {
  return [timesTable(engines), countsTable(engines)]
    .map((table) => formatTable(table, style))
    .join('\n\n');
}

function timesTable(engines: readonly WebgpuEngineResult[]): Table {
  const head = [
    'engine',
    'median ms',
    'p25 to p75',
    'ratio',
    'ratio by round',
    'difference',
    'load ms',
    'code',
    'create',
    'first run',
    'longest block ms',
    'code kB',
  ];
  const rows = engines.map((engine, i) => {
    const { title, milliseconds, ratio, ratioByRound, difference, load, codeBytes } = engine;
    const { importMilliseconds, createMilliseconds, firstRunMilliseconds } = load;
    return [
      title,
      milliseconds.median.toFixed(1),
      formatRange(milliseconds, 1),
      ratio.toFixed(2),
      i === 0 ? '' : formatRange(ratioByRound, 2),
      difference.relative.toExponential(1),
      load.milliseconds.toFixed(0),
      importMilliseconds.toFixed(0),
      createMilliseconds.toFixed(0),
      firstRunMilliseconds.toFixed(0),
      formatBlock(load.block),
      codeBytes === undefined ? '' : (codeBytes / 1000).toFixed(1),
    ];
  });
  return { head, rows };
}

/** Of a run but for the last two, which are of loading. */
function countsTable(engines: readonly WebgpuEngineResult[]): Table {
  const head = [
    'engine',
    'dispatches',
    'workgroups',
    'submits',
    'mapAsync',
    'pipelines in load',
    'in a second load',
  ];
  const rows = engines.map(({ title, counts, load, pipelinesOfSecondLoad }) => [
    title,
    String(counts.dispatches),
    String(counts.workgroups),
    String(counts.submits),
    String(counts.mappings),
    String(load.counts.pipelines),
    pipelinesOfSecondLoad === undefined ? '' : String(pipelinesOfSecondLoad),
  ]);
  return { head, rows };
}

function formatRange({ p25, p75 }: { p25: number; p75: number }, digits: number): string {
  return `${p25.toFixed(digits)} to ${p75.toFixed(digits)}`;
}

/** The browser reports tasks of 50 ms and more; where it reports none at all, gaps stand for them. */
export function formatBlock({ taskMilliseconds, gapMilliseconds, reportsTasks }: LongestBlock) {
  if (!reportsTasks) return `${gapMilliseconds.toFixed(0)} (gap)`;
  return taskMilliseconds === 0 ? 'below 50' : taskMilliseconds.toFixed(0);
}

/** What the browser tells of the adapter, on one line. */
export function describeAdapterNames(adapter: WebgpuResult['adapter']): string {
  const { vendor, architecture, device, description } = adapter;
  const names = { vendor, architecture, device, description };
  const told = Object.entries(names).filter(([, name]) => name !== '');
  return told.map(([key, name]) => `${key} ${name}`).join(', ') || 'of no name';
}

/** A whole run as Markdown, for the page that shows it. */
export function webgpuBlock(result: WebgpuResult): string {
  const { environment, browser, adapter, settings, models } = result;
  const { cpu, commit, date, load } = environment;
  const changes = commit.endsWith('-dirty') ? ' with changes' : '';
  const head = [
    `${cpu}, Chromium ${browser}, adapter: ${describeAdapterNames(adapter)}, load ${load};`,
    `${date.slice(0, 10)}, commit ${commit.slice(0, 7)}${changes}.`,
    `Medians of ${settings.rounds} rounds in turns, after ${settings.warmup} to warm up;`,
    `counts are of one run; Whittle at -O ${settings.optimize}. \`difference\` is from ONNX Runtime on the CPU,`,
    '`load ms` from the import of the code to the first scores, `longest block ms` the longest task meanwhile.',
  ].join('\n');
  const parts = models.map((model) => `**${model.title}**\n\n${formatModel(model, 'markdown')}`);
  return [head, ...parts].join('\n\n');
}

/**
 * `npm run bench`: the modules that Whittle emits beside other engines, on the same models, weights
 * and images, in one process, taking turns, each on one thread. Tables and the JSON hold medians and
 * spreads, the ratios to the first engine, how far the scores differ, how long loading takes, how much
 * code there is to download, and what share of the machine's peak is reached.
 */

import { fileURLToPath } from 'node:url';

import { benchUsage, type CommandSettings, readBenchSettings } from './harness/bench-settings.js';
import { measureModel } from './harness/measure-model.js';
import { runCommand } from './harness/run-command.js';
import { loadWorkload } from './harness/workload.js';
import type { BenchResult, ModelResult } from './reports/bench-result.js';
import { shareOfPeak, summaryTable } from './reports/bench-summary.js';
import { benchBlock } from './reports/bench-tables.js';
import { formatComparison } from './reports/comparison.js';
import { describeEnvironment } from './reports/environment.js';
import { formatTable } from './reports/format-table.js';
import { writeBlock } from './reports/write-block.js';
import { writeResult } from './reports/write-result.js';

/** Engines that differ by more than this, by the largest score, do not compute the same model. */
const tolerance = 1e-3;

async function main(settings: CommandSettings): Promise<boolean> {
  const result = settings.from ?? (await runAll(settings));
  const { style, writes } = settings;
  process.stdout.write(`\n${formatTable(summaryTable(result), style)}\n`);
  for (const model of result.models) process.stdout.write(`${describePeak(model)}\n`);
  for (const [page, isFrontPage] of writes ? pages : []) {
    await writeBlock(fileURLToPath(page), 'bench', benchBlock(result, isFrontPage));
  }
  return result.models.every(agrees);
}

/** The pages with a place for the tables, and which of them is the front page. */
const pages = [
  [new URL('../../README.md', import.meta.url), true],
  [new URL('../../docs/performance.md', import.meta.url), false],
] as const;

async function runAll(settings: CommandSettings): Promise<BenchResult> {
  const environment = describeEnvironment();
  const { cpu, node, load } = environment;
  process.stdout.write(`${cpu}, Node ${node}, load ${load}\n`);
  const models: ModelResult[] = [];
  for (const model of settings.models) {
    const workload = await loadWorkload(model, settings.size);
    const result = await measureModel(workload, settings, (round) => {
      process.stderr.write(round < 0 ? 'w' : '.');
    });
    process.stderr.write('\n');
    for (const { id, reason } of result.unavailable) {
      process.stderr.write(`Without ${id}: ${reason}\n`);
    }
    process.stdout.write(`\n${result.title}\n\n`);
    process.stdout.write(`${formatComparison(result.engines, settings.style)}\n`);
    models.push(result);
  }
  const { rounds, warmup, budget, loads, optimize } = settings;
  const document = { settings: { rounds, warmup, budget, loads, optimize }, models };
  const path = await writeResult('bench', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  return { environment, ...document };
}

function describePeak(model: ModelResult): string {
  const { gflops, share } = shareOfPeak(model);
  const percent = `${(100 * share).toFixed(0)} %`;
  const base = model.engines[0]?.id;
  return `${model.id}: ${base} ${gflops.toFixed(1)} GFLOP/s, ${percent} of ${model.peakGflops.toFixed(1)}`;
}

/** Says which engines give other scores, and whether one of Whittle is missing. */
function agrees({ id, engines, unavailable }: ModelResult): boolean {
  const others = engines.filter(({ difference }) => !(difference.relative <= tolerance));
  for (const { title } of others) {
    process.stderr.write(`${title} gives other scores for ${id}: its timings compare nothing.\n`);
  }
  return others.length === 0 && !unavailable.some((engine) => engine.id.startsWith('whittle'));
}

await runCommand({ usage: benchUsage, readSettings: readBenchSettings, main });

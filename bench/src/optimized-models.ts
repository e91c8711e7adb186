/**
 * `node bench/dist/optimized-models.js DIR…`: what `optimize` makes of each ONNX file of the
 * folders, for other engines: nodes as the files have them, the time it takes, whether ONNX Runtime
 * takes the result natively and as WebAssembly, how far whole outputs differ, and how fast it runs
 * beside the original, in turns, on one thread. It exits with 1 where a model cannot be optimised,
 * where the result is refused or its outputs differ, and where nothing was compared.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  type EngineComparison,
  measureOptimized,
  type OptimizedModel,
  type OptimizedPace,
} from './harness/measure-optimized.js';
import { nativeRuntime, webRuntime } from './harness/onnx-runtime.js';
import { wholeNumber } from './harness/option-values.js';
import { runCommand } from './harness/run-command.js';
import { describeEnvironment } from './reports/environment.js';
import { formatOptimized, problemsOf } from './reports/optimized-table.js';
import { writeResult } from './reports/write-result.js';

const usage = `Usage: node bench/dist/optimized-models.js DIR… [options]
  --rounds N            timed runs of each model in each engine (default: 20)
  --warmup N            untimed runs before (default: 5)
  --calls N             calls of optimize, whose median counts (default: 3)
  --markdown            print the table as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
`;

interface Settings extends OptimizedPace {
  /** Of ONNX files. */
  readonly paths: readonly string[];
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

interface Failure {
  readonly model: string;
  readonly error: string;
}

async function main(settings: Settings): Promise<boolean> {
  const environment = describeEnvironment();
  const runtimes = [await nativeRuntime(), await webRuntime()];
  const models: OptimizedModel[] = [];
  const failures: Failure[] = [];
  for (const path of settings.paths) {
    process.stderr.write(`${path}\n`);
    try {
      const measured = await measureOptimized(path, runtimes, settings);
      for (const problem of problemsOf(measured)) process.stderr.write(`${problem}\n`);
      models.push(measured);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${path}: ${text}\n`);
      failures.push({ model: path, error: text });
    }
  }
  const { cpu, node, load } = environment;
  process.stdout.write(`${cpu}, Node ${node}, load ${load}\n`);
  process.stdout.write(`${runtimes.map(({ title }) => title).join('; ')}\n\n`);
  process.stdout.write(`${formatOptimized(models, settings.style)}\n`);
  const { rounds, warmup, calls } = settings;
  const document = { settings: { rounds, warmup, calls }, models, failures };
  const path = await writeResult('optimized-models', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  const comparisons = models.flatMap(({ engines }) => engines);
  return (
    failures.length === 0 && comparisons.some(isCompared) && !comparisons.some(isAgainstOptimize)
  );
}

async function modelsIn(folders: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.onnx')).sort();
    paths.push(...names.map((name) => join(folder, name)));
  }
  return paths;
}

function isCompared(comparison: EngineComparison): boolean {
  return 'outputs' in comparison;
}

/** An engine that refuses the original says nothing of what `optimize` does. */
function isAgainstOptimize(comparison: EngineComparison): boolean {
  if ('outputs' in comparison) return !comparison.outputs.agrees;
  return 'refused' in comparison && comparison.refused === 'optimized';
}

/** Undefined where no folder is named. */
async function readSettings(): Promise<Settings | undefined> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '20' },
      warmup: { type: 'string', default: '5' },
      calls: { type: 'string', default: '3' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  if (positionals.length === 0) throw new Error('Name at least one folder of ONNX files.');
  return {
    paths: await modelsIn(positionals),
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    calls: wholeNumber('calls', values.calls),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

await runCommand({ usage, readSettings, main });

/**
 * `npm run bench`: the module that Whittle emits beside other engines, on the same model, weights
 * and image, in one process, taking turns, each on one thread. The table and the JSON hold medians
 * and spreads, the ratio to Whittle, and how far the scores differ.
 */

import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { findModel } from '@whittle/zoo';

import type { Engine, EngineFactory, EngineOptions } from './engines/engine.js';
import { peers } from './engines/peers.js';
import { whittleEngine } from './engines/whittle.js';
import { interleave, type Pace } from './harness/interleave.js';
import { optimizationLevel, wholeNumber } from './harness/option-values.js';
import { runCommand } from './harness/run-command.js';
import { loadWorkload, type Workload } from './harness/workload.js';
import { compareEngines, type EngineResult, formatComparison } from './reports/comparison.js';
import { describeEnvironment } from './reports/environment.js';
import { writeResult } from './reports/write-result.js';

const usage = `Usage: npm run bench -- [options]
  --model ID|FILE.onnx  what to run; repeatable (default: mobilenet-v2)
  --against LIST        of ${[...peers.keys()].join(', ')} (default: all)
  --size N              rows and columns of the image, for models of the zoo (default: 224)
  --rounds N            timed runs of each engine (default: 20)
  --warmup N            untimed runs before (default: 5)
  --optimize 0|1|2      Whittle's level (default: 2)
  --markdown            print the table as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
`;

/** Engines that differ by more than this, by the largest score, do not compute the same model. */
const tolerance = 1e-3;

interface Settings extends EngineOptions, Pace {
  readonly models: readonly string[];
  readonly against: readonly Peer[];
  readonly size: number;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

async function main(settings: Settings): Promise<boolean> {
  const environment = describeEnvironment();
  const { cpu, node, load } = environment;
  process.stdout.write(`${cpu}, Node ${node}, load ${load}\n`);
  const models: ModelResult[] = [];
  for (const model of settings.models) {
    const workload = await loadWorkload(model, settings.size);
    const engines = await benchModel(workload, settings);
    process.stdout.write(`\n${workload.title}\n\n`);
    process.stdout.write(`${formatComparison(engines, settings.style)}\n`);
    models.push({ id: workload.id, engines });
  }
  const { rounds, warmup, target, optimize } = settings;
  const document = { settings: { rounds, warmup, target, optimize }, models };
  const path = await writeResult('bench', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  return models.every(agrees);
}

type Peer = readonly [name: string, factory: EngineFactory];

interface ModelResult {
  readonly id: string;
  readonly engines: readonly EngineResult[];
}

async function benchModel(workload: Workload, settings: Settings): Promise<EngineResult[]> {
  const engines = await startEngines(workload, settings);
  try {
    const scores: Float32Array[] = [];
    // A copy, because an engine may give the same memory again in its next run.
    for (const engine of engines) scores.push((await engine.run()).slice());
    const samples = await interleave(engines, settings, (round) => {
      process.stderr.write(round < 0 ? 'w' : '.');
    });
    process.stderr.write('\n');
    return compareEngines(engines, scores, samples);
  } finally {
    for (const engine of engines) await engine.dispose();
  }
}

/** Says which engines give other scores. */
function agrees({ id, engines }: ModelResult): boolean {
  const others = engines.filter(({ difference }) => !(difference.relative <= tolerance));
  for (const { title } of others) {
    process.stderr.write(`${title} gives other scores for ${id}: its timings compare nothing.\n`);
  }
  return others.length === 0;
}

async function startEngines(workload: Workload, settings: Settings): Promise<Engine[]> {
  const engines: Engine[] = [await whittleEngine(workload, settings)];
  for (const [name, factory] of settings.against) {
    const engine = await factory(workload, settings);
    if ('unavailable' in engine) process.stderr.write(`Without ${name}: ${engine.unavailable}.\n`);
    else engines.push(engine);
  }
  return engines;
}

/** Undefined where help is asked for. */
async function readSettings(): Promise<Settings | undefined> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', multiple: true, default: ['mobilenet-v2'] },
      against: { type: 'string', default: [...peers.keys()].join(',') },
      size: { type: 'string', default: '224' },
      rounds: { type: 'string', default: '20' },
      warmup: { type: 'string', default: '5' },
      optimize: { type: 'string', default: '2' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  for (const model of values.model) {
    if (model.endsWith('.onnx')) await access(model);
    else findModel(model);
  }
  return {
    models: values.model,
    against: values.against
      .split(',')
      .filter((name) => name !== '')
      .map(findPeer),
    size: wholeNumber('size', values.size),
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    target: 'js',
    optimize: optimizationLevel(values.optimize),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

/** @throws {Error} where there is none of that name. */
function findPeer(name: string): Peer {
  const factory = peers.get(name);
  if (factory !== undefined) return [name, factory];
  throw new Error(`There is no engine "${name}"; there are ${[...peers.keys()].join(', ')}.`);
}

await runCommand({ usage, readSettings, main });

/** The command line of `npm run bench:webgpu`. */

import { parseArgs } from 'node:util';

import type { OptimizationLevel } from '@whittle/compiler';
import { findModel } from '@whittle/zoo';

import type { Pace } from '../harness/interleave.js';
import { optimizationLevel, wholeNumber } from '../harness/option-values.js';
import { workloadIds } from '../harness/workload.js';

export interface WebgpuSettings extends Pace {
  readonly models: readonly string[];
  /** Rows and columns of the image, for models of the zoo. */
  readonly size: number;
  /** Ids of the engines beside Whittle. */
  readonly against: readonly string[];
  readonly adapter: Adapter;
  readonly optimize: OptimizationLevel;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
  readonly writes: boolean;
}

/** SwiftShader computes on the CPU, and is there on every machine. */
export type Adapter = 'swiftshader' | 'hardware';

const peers: readonly string[] = ['ort-webgpu', 'tfjs-webgpu'];

export const webgpuUsage = `Usage: npm run bench:webgpu -- [options]
  --model ID|FILE.onnx  what to run; repeatable (default: mobilenet-v2)
  --against LIST        of ${peers.join(',')} (default: all)
  --adapter NAME        swiftshader, on the CPU, or hardware (default: swiftshader)
  --size N              rows and columns of the image, for models of the zoo (default: 224)
  --rounds N            timed runs of each engine (default: 5)
  --warmup N            untimed runs before (default: 2)
  --optimize 0|1|2      Whittle's level (default: 2)
  --markdown            print the tables as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
  --write               put the tables into docs/performance.md
Chromium is $CHROMIUM, or else /usr/bin/chromium.
`;

/** Undefined where help is asked for. @throws {Error} for what makes no sense. */
export function readWebgpuSettings(args: readonly string[]): WebgpuSettings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', multiple: true, default: ['mobilenet-v2'] },
      against: { type: 'string', default: peers.join(',') },
      adapter: { type: 'string', default: 'swiftshader' },
      size: { type: 'string', default: '224' },
      rounds: { type: 'string', default: '5' },
      warmup: { type: 'string', default: '2' },
      optimize: { type: 'string', default: '2' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  for (const model of values.model) {
    if (!model.endsWith('.onnx') && !workloadIds.includes(model)) findModel(model);
  }
  return {
    models: values.model,
    against: peersOf(values.against),
    adapter: adapterOf(values.adapter),
    size: wholeNumber('size', values.size),
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    optimize: optimizationLevel(values.optimize),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
    writes: values.write,
  };
}

function peersOf(list: string): readonly string[] {
  const names = list.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !peers.includes(name));
  if (unknown === undefined) return names;
  throw new Error(`There is no engine "${unknown}"; there are ${peers.join(', ')}.`);
}

function adapterOf(name: string): Adapter {
  if (name === 'swiftshader' || name === 'hardware') return name;
  throw new Error(`--adapter takes swiftshader or hardware, not "${name}".`);
}

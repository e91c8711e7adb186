/** The command line of `npm run bench`. */

import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { findModel } from '@whittle/zoo';

import { type EngineRecord, peers, whittleEngines } from '../engines/engine-table.js';
import { type BenchResult, readBenchResult } from '../reports/bench-result.js';
import type { BenchSettings } from './measure-model.js';
import { count, optimizationLevel, wholeNumber } from './option-values.js';
import { workloadIds } from './workload.js';

export interface CommandSettings extends BenchSettings {
  readonly models: readonly string[];
  readonly size: number;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
  readonly writes: boolean;
  readonly from: BenchResult | undefined;
}

const idsOf = (records: readonly EngineRecord[]) => records.map(({ id }) => id).join(', ');
const targetsOf = (records: readonly EngineRecord[]) => idsOf(records).replaceAll('whittle-', '');

export const benchUsage = `Usage: npm run bench -- [options]
  --model ID|FILE.onnx  what to run; repeatable (default: ${workloadIds.join(', ')})
  --target LIST         of Whittle's ${targetsOf(whittleEngines)} (default: all); the first one
                        is what the others are compared with
  --against LIST|all    of ${idsOf(peers)}
                        (default: ${idsOf(peers.filter(({ isDefault }) => isDefault))})
  --size N              rows and columns of the image, for models of the zoo (default: 224)
  --rounds N            timed runs of each engine (default: 20)
  --warmup N            untimed runs before (default: 5)
  --budget SECONDS      after which a model's timed rounds end, 5 at the least (default: 20)
  --loads N             fresh processes for the time of loading; 0 for none (default: 3)
  --optimize 0|1|2      Whittle's level (default: 2)
  --markdown            print the tables as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
  --write               put the tables into README.md and docs/performance.md
  --from FILE           take the numbers from such a JSON instead of running anything
`;

/** Undefined where help is asked for. */
export async function readBenchSettings(): Promise<CommandSettings | undefined> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', multiple: true, default: [...workloadIds] },
      target: { type: 'string', default: 'all' },
      against: { type: 'string', default: 'default' },
      size: { type: 'string', default: '224' },
      rounds: { type: 'string', default: '20' },
      warmup: { type: 'string', default: '5' },
      budget: { type: 'string', default: '20' },
      loads: { type: 'string', default: '3' },
      optimize: { type: 'string', default: '2' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      from: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  for (const model of values.model) {
    if (model.endsWith('.onnx')) await access(model);
    else if (!workloadIds.includes(model)) findModel(model);
  }
  return {
    models: values.model,
    engines: [
      ...enginesOf(values.target.replaceAll(/\b(?!all\b)\w+/g, 'whittle-$&'), whittleEngines),
      ...enginesOf(values.against, peers),
    ],
    size: wholeNumber('size', values.size),
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    budget: 1000 * wholeNumber('budget', values.budget),
    loads: count('loads', values.loads),
    optimize: optimizationLevel(values.optimize),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
    writes: values.write,
    from: values.from === undefined ? undefined : await readBenchResult(values.from),
  };
}

/** In the order of the list. @throws {Error} where there is none of a name. */
function enginesOf(list: string, records: readonly EngineRecord[]): readonly EngineRecord[] {
  if (list === 'all') return records;
  if (list === 'default') return records.filter(({ isDefault }) => isDefault);
  const names = list.split(',').filter((name) => name !== '');
  return names.map((name) => {
    const record = records.find(({ id }) => id === name);
    if (record !== undefined) return record;
    throw new Error(`There is no engine "${name}"; there are ${idsOf(records)}.`);
  });
}

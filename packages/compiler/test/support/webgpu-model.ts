/** Loads an emitted WebGPU module, whose runs are promises. */

import { importModule, loadOptions } from '../../../codegen-js/test/load-module.js';

export interface GpuModel {
  run(feeds: object, results?: object): Promise<Readonly<Record<string, GpuResult>>>;
  dispose(): void;
}

interface GpuResult {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}

export async function loadGpuModel(
  files: ReadonlyMap<string, Uint8Array>,
  device: GPUDevice,
): Promise<GpuModel> {
  const { load } = await importModule(files);
  const model: unknown = await load({ ...loadOptions(files), device });
  return model as GpuModel;
}

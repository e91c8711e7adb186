/**
 * Loading emitted modules for as long as a command needs them. Those that run on a GPU share one device, which
 * is asked for when the first of them is loaded, so that a command without any needs none.
 */

import type { Files } from '@whittle/compiler';
import { type EmittedModel, loadEmitted } from './load-emitted.js';
import { type GpuDevice, openGpuDevice } from './webgpu-package.js';

/** Loads a module of a target. Rejects as `loadEmitted` and `openGpuDevice` do. */
export type Load = (files: Files, target: string) => Promise<EmittedModel>;

/** The device is gone when this returns, whatever happens: the process ends with it. */
export async function withLoader<T>(work: (load: Load) => Promise<T>): Promise<T> {
  let device: GpuDevice | undefined;
  const load: Load = async (files, target) => {
    if (target !== 'wgsl') return loadEmitted(files);
    device ??= await openGpuDevice();
    return loadEmitted(files, { device });
  };
  try {
    return await work(load);
  } finally {
    device?.destroy();
  }
}

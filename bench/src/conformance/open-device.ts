/** A device of Dawn, the WebGPU of Chromium, in this process. */

import { create } from 'webgpu';

/** It has to live for as long as its devices do. */
let gpu: ReturnType<typeof create> | undefined;

/** @throws {Error} where there is no adapter: without a driver, set VK_ICD_FILENAMES to one in software. */
export async function openDevice(): Promise<{ destroy(): void }> {
  gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('WebGPU finds no adapter here.');
  return adapter.requestDevice();
}

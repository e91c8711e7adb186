/** A device that keeps every complaint: what compilers say of shaders, and errors that nobody caught. */

import { openDevice } from '../../../codegen-wgsl/test/gpu.js';

export interface WatchedDevice {
  readonly device: GPUDevice;
  /** A line for each message about a shader and each error since the last call. */
  takeComplaints(): Promise<readonly string[]>;
}

/** @throws where there is no adapter. */
export async function openWatchedDevice(): Promise<WatchedDevice> {
  return watchDevice(await openDevice());
}

export function watchDevice(device: GPUDevice): WatchedDevice {
  const modules: GPUShaderModule[] = [];
  const errors: string[] = [];
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const module = createShaderModule(descriptor);
    modules.push(module);
    return module;
  };
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  return {
    device,
    takeComplaints: async () => {
      const infos = await Promise.all(modules.splice(0).map((each) => each.getCompilationInfo()));
      const messages = infos.flatMap(({ messages }) => [...messages]);
      const lines = messages.map(({ type, lineNum, message }) => `${type}, ${lineNum}: ${message}`);
      await device.queue.onSubmittedWorkDone();
      return [...lines, ...errors.splice(0)];
    },
  };
}

/**
 * WebGPU for tests: Dawn in Node, on SwiftShader where the machine has no GPU.
 *
 * A device keeps the process alive, so suites destroy theirs in `afterAll`: `destroyDevices()`.
 */

/// <reference types="@webgpu/types" />

import { existsSync } from 'node:fs';
import { create } from 'webgpu';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(swiftShader)) process.env.VK_ICD_FILENAMES ??= swiftShader;

/** What `navigator.gpu` is in a page. It lives as long as the process, as devices need it. */
export const gpu: GPU = create([]);

const devices = new Set<GPUDevice>();

/** Whether there is an adapter: without one suites skip, and say so; on CI that is an error. */
export const hasAdapter: boolean = await findAdapter();

/** A new device. @throws where there is no adapter. */
export async function openDevice(descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('No WebGPU adapter.');
  const device = await adapter.requestDevice(descriptor);
  devices.add(device);
  return device;
}

/** Destroys every device that `openDevice` gave. */
export function destroyDevices(): void {
  for (const device of devices) device.destroy();
  devices.clear();
}

async function findAdapter(): Promise<boolean> {
  if ((await gpu.requestAdapter()) !== null) return true;
  if (process.env.CI) throw new Error('No WebGPU adapter.');
  console.warn('skipped: no adapter');
  return false;
}

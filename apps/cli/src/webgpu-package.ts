/**
 * The npm package `webgpu`, which is Dawn, the WebGPU of Chromium, for Node: where it is installed, modules of
 * the target `wgsl` run in this process. Its types are not needed for that.
 */

import { GpuError } from './gpu-errors.js';

/** What `load` of an emitted module takes. It keeps the process alive until it is destroyed. */
export interface GpuDevice {
  destroy(): void;
}

interface GpuAdapter {
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<(typeof raisedLimits)[number], number>>;
  requestDevice(descriptor: object): Promise<GpuDevice>;
}

interface Gpu {
  requestAdapter(): Promise<GpuAdapter | null>;
}

export interface WebgpuPackage {
  /** Gives what `navigator.gpu` is in a page. */
  create(options: readonly string[]): Gpu;
}

/** The limits that a large model may need more of than every device has. */
const raisedLimits = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/** Those that modules may ask for; which of them lacks one says so when it is loaded. */
const usedFeatures = ['shader-f16'];

/** It has to live for as long as its devices do. */
let gpu: Gpu | undefined;

/**
 * A device with all that its adapter has of what modules may need, whichever they are.
 * @throws {GpuError} `E_GPU_UNAVAILABLE` where there is none.
 */
export async function openGpuDevice(
  importPackage: () => Promise<WebgpuPackage> = importWebgpu,
): Promise<GpuDevice> {
  const { create } = await importPackage();
  try {
    gpu = create([]);
    const adapter = await gpu.requestAdapter();
    if (adapter !== null) {
      const limits = raisedLimits.map((name) => [name, adapter.limits[name]] as const);
      return await adapter.requestDevice({
        requiredFeatures: usedFeatures.filter((name) => adapter.features.has(name)),
        requiredLimits: Object.fromEntries(limits),
      });
    }
  } catch (cause) {
    throw unavailable(`WebGPU does not start here: ${messageOf(cause)}`, withoutGpu, cause);
  }
  throw unavailable('WebGPU found no GPU, and nothing that stands in for one.', withoutGpu);
}

async function importWebgpu(): Promise<WebgpuPackage> {
  try {
    // Not a literal, so that nothing demands the package where the command is built or bundled.
    const specifier: string = 'webgpu';
    return await import(specifier);
  } catch (cause) {
    if (isMissing(cause)) throw unavailable(missing, 'npm install webgpu, beside whittle.', cause);
    throw unavailable(`The package webgpu does not load here: ${messageOf(cause)}`, built, cause);
  }
}

const missing = 'The target wgsl runs in Node by the package webgpu, which is not installed.';

const built = 'It is built for Linux with a recent glibc, macOS and Windows, on x64 and arm64.';

const withoutGpu =
  'Update the graphics driver. On Linux without a GPU, the SwiftShader of an installed Chromium can serve: ' +
  'set VK_ICD_FILENAMES to its vk_swiftshader_icd.json, on Debian ' +
  'VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json.';

function unavailable(message: string, hint: string, cause?: unknown): GpuError {
  return new GpuError('E_GPU_UNAVAILABLE', message, { hint, cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

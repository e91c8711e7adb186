/** The GPU, or in plain words why there is none. */

export interface Gpu {
  readonly device: GPUDevice;
  /** What the browser tells of it, which may be little. */
  readonly name: string;
}

/** What a person can do something about. */
export class Unavailable extends Error {
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

/** @throws {Unavailable} */
export async function openGpu(): Promise<Gpu> {
  // The types know only of browsers that have it.
  const { gpu } = navigator as { readonly gpu?: GPU };
  if (gpu === undefined) {
    throw new Unavailable(
      'This browser has no WebGPU.',
      'Open the page in a recent Chrome, Edge, Firefox or Safari, at its address on 127.0.0.1 or over HTTPS. On Linux, Chrome may need chrome://flags/#enable-unsafe-webgpu.',
    );
  }
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new Unavailable(
      'This browser has WebGPU but finds no adapter, that is no GPU that it can use.',
      'Turn on hardware acceleration in its settings, or update the graphics driver. chrome://gpu says what is missing.',
    );
  }
  return { device: await adapter.requestDevice(), name: nameOf(adapter.info) };
}

function nameOf({
  vendor,
  architecture,
  device,
  description,
  isFallbackAdapter,
}: GPUAdapterInfo): string {
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ');
  const isSoftware = isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${architecture} ${name}`);
  return `${name || 'the browser does not tell'}${isSoftware ? ' (in software, so slow)' : ''}`;
}

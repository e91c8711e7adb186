/** The packages of ONNX Runtime, where they are installed. Their types are not needed for that. */

import type { TensorData, Tensors } from '@whittle/compiler';

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface OrtSession {
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  release?(): Promise<void>;
}

export interface Ort {
  readonly env: {
    readonly versions?: { readonly node?: string; readonly web?: string };
    readonly wasm?: { numThreads?: number };
  };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

/** Undefined where it is not installed or does not start here. */
export async function importOrt(
  name: 'onnxruntime-node' | 'onnxruntime-web',
): Promise<Ort | undefined> {
  try {
    // Not a literal, so that nothing demands the package where the command is built or bundled.
    const specifier: string = name;
    const module = await import(specifier);
    return module.default ?? module;
  } catch {
    return undefined;
  }
}

export function ortFeeds(ort: Ort, feeds: Tensors): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dtype, dims, data }]) => [
      name,
      new ort.Tensor(dtype, data, dims),
    ]),
  );
}

export function resultsOf(results: Readonly<Record<string, OrtTensor>>): Tensors {
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, { type, dims, data }]) =>
      type === 'string'
        ? []
        : [[name, { dtype: type, dims: dims.map(Number), data } as TensorData] as const],
    ),
  );
}

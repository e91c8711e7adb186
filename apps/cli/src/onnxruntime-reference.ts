/** onnxruntime-node as a reference, where it is installed. Its types are not needed for that. */

import { CompilerError, type Reference, type TensorData, type Tensors } from '@whittle/compiler';

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface Ort {
  readonly env: { logLevel?: string; readonly versions?: { readonly node?: string } };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array | string,
      options: object,
    ): Promise<{
      run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
      release?(): Promise<void>;
    }>;
  };
}

/** Undefined where onnxruntime-node is not installed or does not start here. */
export async function onnxruntimeReference(): Promise<Reference | undefined> {
  const ort = await importOrt();
  if (ort === undefined) return undefined;
  return {
    name: `onnxruntime-node ${ort.env.versions?.node ?? ''}`.trim(),
    run: async (model, feeds) => {
      try {
        return await runOnce(ort, model, feeds);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new CompilerError(
          'E_VERIFY_FAILED',
          `onnxruntime-node cannot run the model: ${reason}.`,
          { cause },
        );
      }
    },
  };
}

/** One thread and the graph as it is: a reference has to be plain before it is fast. */
async function runOnce(ort: Ort, model: Uint8Array, feeds: Tensors): Promise<Tensors> {
  const session = await ort.InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  try {
    return resultsOf(await session.run(ortFeeds(ort, feeds)));
  } finally {
    await session.release?.();
  }
}

async function importOrt(): Promise<Ort | undefined> {
  try {
    // Not a literal, so that nothing demands the package where the command is built or bundled.
    const name: string = 'onnxruntime-node';
    const module = await import(name);
    return module.default ?? module;
  } catch {
    return undefined;
  }
}

function ortFeeds(ort: Ort, feeds: Tensors): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dtype, dims, data }]) => [
      name,
      new ort.Tensor(dtype, data, dims),
    ]),
  );
}

function resultsOf(results: Readonly<Record<string, OrtTensor>>): Tensors {
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, { type, dims, data }]) =>
      type === 'string'
        ? []
        : [[name, { dtype: type, dims: dims.map(Number), data } as TensorData] as const],
    ),
  );
}

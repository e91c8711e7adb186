/** onnxruntime-node as a reference, where it is installed. */

import { CompilerError, type Reference, type Tensors } from '@whittle/compiler';
import { importOrt, type Ort, ortFeeds, resultsOf } from './onnxruntime-package.js';

/** Undefined where onnxruntime-node is not installed or does not start here. */
export async function onnxruntimeReference(): Promise<Reference | undefined> {
  const ort = await importOrt('onnxruntime-node');
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

/** What a compiled model is compared with: another way to run the same bytes. */

import { interpretProgram, lowerGraph, type TensorData } from '@whittle/kernel';
import { interpreterCapabilities } from './interpreter.js';
import type { ModelOptions } from './options.js';
import { prepareGraph } from './prepare-graph.js';
import { StageLog } from './stage-log.js';

/** Tensors by the names of inputs or outputs. */
export type Tensors = Readonly<Record<string, TensorData>>;

export interface Reference {
  readonly name: string;
  /** Runs an ONNX model and gives its outputs. Rejects where it cannot run the model. */
  readonly run: (model: Uint8Array, feeds: Tensors) => Promise<Tensors>;
}

/**
 * The reference that is always there: the interpreter of the loop IR, on the graph as it was imported,
 * with no pass but those that lowering needs. It shares the importer and the lowering rules with
 * every target, so it tells what passes and code generators do, and no more.
 */
export function interpreterReference(options: ModelOptions = {}): Reference {
  const { shapes, dims, constants, externalData } = options;
  const plain: ModelOptions = {
    optimize: 0,
    ...(shapes && { shapes }),
    ...(dims && { dims }),
    ...(constants && { constants }),
    ...(externalData && { externalData }),
  };
  return {
    name: 'interpreter',
    run: async (model, feeds) => {
      const { graph } = await prepareGraph(model, plain, undefined, new StageLog(plain));
      const fed = graph.inputs.flatMap(({ name }) => {
        const feed = feeds[name];
        return feed === undefined ? [] : [[name, feed] as const];
      });
      const program = lowerGraph(graph, interpreterCapabilities);
      return interpretProgram(program, Object.fromEntries(fed));
    },
  };
}

/** ONNX in, smaller and faster ONNX out: import, passes, export. */

import { exportOnnx } from '@whittle/onnx';
import type { ModelOptions } from './options.js';
import { prepareGraph } from './prepare-graph.js';
import { StageLog } from './stage-log.js';

/**
 * Optimises a model for any engine. The opset stays where it can say what the graph says.
 * Dims may be without numbers, and ops that Whittle does not know are kept as they are.
 *
 * @throws {CompilerError} (the promise rejects) where the model cannot be read or written.
 */
export async function optimize(bytes: Uint8Array, options: ModelOptions = {}): Promise<Uint8Array> {
  const log = new StageLog(options);
  const { graph } = await prepareGraph(bytes, options, undefined, log);
  return log.run('export', () => exportOnnx(graph));
}

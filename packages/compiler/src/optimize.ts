/** ONNX in, smaller and faster ONNX out: import, passes, export. */

import type { Policy } from '@whittle/ir';
import { exportOnnx, type ModelSummary } from '@whittle/onnx';
import { type OptimizeReport, reportOn } from './optimize-report.js';
import type { ModelOptions } from './options.js';
import { prepareGraph } from './prepare-graph.js';
import { StageLog } from './stage-log.js';

/** Whether to fuse is no question here: ONNX has no op for what `fuse` makes one. */
export interface OptimizeOptions extends Omit<ModelOptions, 'fuse'> {
  /**
   * `all` writes each grouped convolution as Split, one convolution a group, and Concat, for
   * engines that have no groups; depthwise ones stay. Default: `none`.
   */
  readonly splitGroups?: Policy;
  /** Receives what was done, in numbers. */
  readonly onReport?: (report: OptimizeReport) => void;
}

/**
 * Optimises a model for any engine. The opset stays where it can say what the graph says.
 * Dims may be without numbers, and ops that Whittle does not know are kept as they are.
 *
 * @throws {CompilerError} (the promise rejects) where the model cannot be read or written.
 */
export async function optimize(
  bytes: Uint8Array,
  options: OptimizeOptions = {},
): Promise<Uint8Array> {
  const log = new StageLog(options);
  const summaries: ModelSummary[] = [];
  const onSummary = (summary: ModelSummary) => summaries.push(summary);
  const { splitGroups = 'none', skipPasses = [] } = options;
  const settings = { ...options, splitGroups, skipPasses: [...skipPasses, ...ownForms], onSummary };
  const prepared = await prepareGraph(bytes, settings, undefined, log);
  const result = await log.run('export', () => exportOnnx(prepared.graph, { onSummary }));
  const [before, after] = summaries;
  if (before && after) {
    const files = {
      before: { ...before, fileBytes: bytes.byteLength },
      after: { ...after, fileBytes: result.byteLength },
    };
    options.onReport?.(reportOn(files, prepared, log));
  }
  return result;
}

/**
 * Passes that make what ONNX has no form for, which would be written as the nodes that there were, or that
 * take apart what other engines have a kernel for.
 */
const ownForms = [
  ...['fuse-residual', 'fuse-activation', 'fuse-separable-conv'],
  'decompose-composites',
];

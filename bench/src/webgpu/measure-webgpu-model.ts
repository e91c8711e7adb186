/** One model in all engines, in a page of its own. */

import { nativeRuntime } from '../harness/onnx-runtime.js';
import { loadWorkload, type Workload } from '../harness/workload.js';
import { pageCall, peerCode } from './bench-site.js';
import type { OpenedAdapter, PageJob, PageResult } from './page/bench-page.js';
import { runPage, type Stage } from './run-page.js';
import { serveWorkload } from './serve-workload.js';
import { summarizeMeasurements, type WebgpuModelResult } from './webgpu-result.js';
import type { WebgpuSettings } from './webgpu-settings.js';

const whittleId = 'whittle-wgsl';

export async function measureWebgpuModel(
  stage: Stage,
  model: string,
  settings: WebgpuSettings,
): Promise<WebgpuModelResult> {
  const workload = await loadWorkload(model, settings.size);
  const served = await serveWorkload(stage.site, workload, settings.optimize);
  const reference = await referenceScores(workload);
  const { refusal, codeBytes } = served;
  const result = await runInPage(stage, {
    workload: served.workload,
    input: served.input,
    engines: [...(refusal === undefined ? [whittleId] : []), ...settings.against],
    rounds: settings.rounds,
    warmup: settings.warmup,
  });
  const code: Record<string, number | undefined> = { [whittleId]: codeBytes };
  for (const id of settings.against) code[id] = await peerCode[id]?.();
  const refused = refusal === undefined ? [] : [{ id: whittleId, reason: refusal }];
  return {
    id: workload.id,
    title: workload.title,
    engines: summarizeMeasurements(result.measured, reference, code),
    unavailable: [...refused, ...result.unavailable],
  };
}

/** What WebGPU computes on in this browser. Rejects where there is nothing. */
export async function openAdapter(stage: Stage): Promise<OpenedAdapter> {
  return runPage(stage, pageCall('openAdapter')) as Promise<OpenedAdapter>;
}

/** A page of its own, so that nothing of an earlier model is left in it. */
async function runInPage(stage: Stage, job: PageJob): Promise<PageResult> {
  return runPage(stage, pageCall('measureInPage', job)) as Promise<PageResult>;
}

/** Without graph optimisations, so that nothing rewrites the model in the way another engine does. */
async function referenceScores(workload: Workload): Promise<Float32Array> {
  const { bytes, inputName, outputName, dims, input } = workload;
  const { open } = await nativeRuntime();
  const feeds = { [inputName]: { dtype: 'float32', dims, data: input } } as const;
  const session = await open(bytes, feeds, { graphOptimizationLevel: 'disabled' });
  try {
    const scores = (await session.run())[outputName]?.data;
    if (scores instanceof Float32Array) return scores;
    throw new Error(`ONNX Runtime gives no float32 output "${outputName}".`);
  } finally {
    await session.dispose();
  }
}

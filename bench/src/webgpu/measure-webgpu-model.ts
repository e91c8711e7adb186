/** One model in all engines, in a page of its own. */

import type { Browser, Page } from 'playwright-core';

import { nativeRuntime } from '../harness/onnx-runtime.js';
import { loadWorkload, type Workload } from '../harness/workload.js';
import { benchPageModule, peerCode } from './bench-site.js';
import { forwardConsole } from './open-chromium.js';
import type {
  AdapterNames,
  measureInPage,
  openAdapter,
  PageJob,
  PageResult,
} from './page/bench-page.js';
import type { Site } from './serve.js';
import { serveWorkload } from './serve-workload.js';
import { summarizeMeasurements, type WebgpuModelResult } from './webgpu-result.js';
import type { WebgpuSettings } from './webgpu-settings.js';

/** Where the pages come from, and what shows them. */
export interface Stage {
  readonly browser: Browser;
  readonly site: Site;
  /** Of the server. */
  readonly origin: string;
}

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

/** The module of the page, which the page imports by its address. */
interface BenchPage {
  readonly openAdapter: typeof openAdapter;
  readonly measureInPage: typeof measureInPage;
}

/** What WebGPU computes on in this browser. Rejects where there is nothing. */
export function readAdapterNames(stage: Stage): Promise<AdapterNames> {
  return withPage(stage, (page) =>
    page.evaluate(async (address) => {
      const bench: BenchPage = await import(address);
      return bench.openAdapter();
    }, benchPageModule),
  );
}

function runInPage(stage: Stage, job: PageJob): Promise<PageResult> {
  return withPage(stage, (page) =>
    page.evaluate(
      async ([address, pageJob]) => {
        const bench: BenchPage = await import(address);
        return bench.measureInPage(pageJob);
      },
      [benchPageModule, job] as const,
    ),
  );
}

/** A page of its own, so that nothing of an earlier model is left in it. */
async function withPage<Result>(
  { browser, origin }: Stage,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const page = await browser.newPage();
  try {
    forwardConsole(page);
    await page.goto(`${origin}/index.html`);
    return await work(page);
  } finally {
    await page.close();
  }
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

/**
 * The part of `npm run bench:webgpu` that runs in the browser. Each engine is loaded while the page
 * watches for blocks, then all are timed in turns. All that goes in and comes out is plain data.
 */

import { interleave, type Pace, type Runner } from '../../harness/interleave.js';
import { type LongestBlock, watchBlocks } from './block-watch.js';
import {
  collectDevices,
  countGpuCalls,
  differenceOfCounts,
  type GpuCounts,
  noCounts,
} from './gpu-counts.js';
import type { PageEngine, PageModel, PageWorkload } from './page-engine.js';
import { pageEngines } from './page-engines.js';

/** As WebGPU names them; empty where the browser does not tell. */
export interface AdapterNames {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
}

export interface PageJob extends Pace {
  readonly workload: PageWorkload;
  /** The address of the image, float32, NCHW. */
  readonly input: string;
  readonly engines: readonly string[];
}

interface LoadMeasurement {
  /** From the import of the code to the first scores: the sum of the three. */
  readonly milliseconds: number;
  readonly importMilliseconds: number;
  readonly createMilliseconds: number;
  readonly firstRunMilliseconds: number;
  readonly counts: GpuCounts;
  readonly block: LongestBlock;
}

export interface PageMeasurement {
  readonly id: string;
  readonly title: string;
  readonly scores: readonly number[];
  readonly load: LoadMeasurement;
  /** Pipelines that the same model creates once more on the same device; for Whittle only. */
  readonly pipelinesOfSecondLoad?: number;
  /** Milliseconds of each round. */
  readonly samples: readonly number[];
  /** Of the last round. */
  readonly counts: GpuCounts;
}

export interface PageResult {
  readonly measured: readonly PageMeasurement[];
  readonly unavailable: readonly { readonly id: string; readonly reason: string }[];
}

interface Adapter {
  readonly info: AdapterNames;
  requestDevice(): Promise<{ destroy(): void }>;
}

/** As in pages. */
declare const navigator: {
  readonly userAgentData?: {
    getHighEntropyValues(hints: readonly string[]): Promise<{
      readonly fullVersionList?: readonly { readonly brand: string; readonly version: string }[];
    }>;
  };
  readonly gpu?: { requestAdapter(): Promise<Adapter | null> };
};

export interface OpenedAdapter {
  /** The version of Chromium; empty where it does not tell. */
  readonly browser: string;
  readonly adapter: AdapterNames;
}

/** Opens a device too, so that no engine has to wait for the start of the browser's GPU process. */
export async function openAdapter(): Promise<OpenedAdapter> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error('WebGPU finds no adapter in this browser.');
  (await adapter.requestDevice()).destroy();
  const { vendor, architecture, device, description } = adapter.info;
  const versions = await navigator.userAgentData?.getHighEntropyValues(['fullVersionList']);
  const chromium = versions?.fullVersionList?.find(({ brand }) => brand === 'Chromium');
  return {
    browser: chromium?.version ?? '',
    adapter: { vendor, architecture, device, description },
  };
}

/** Once in a page, because calls are counted from here on. */
export async function measureInPage(
  job: PageJob,
  say: (progress: string) => void,
): Promise<PageResult> {
  await openAdapter();
  const countsNow = countGpuCalls(globalThis);
  const devices = collectDevices(globalThis);
  const response = await fetch(job.input);
  const image = new Float32Array(await response.arrayBuffer());
  const surroundings = { image, devices, countsNow };
  const loaded: LoadedEngine[] = [];
  const unavailable: { id: string; reason: string }[] = [];
  for (const engine of pageEngines.filter(({ id }) => job.engines.includes(id))) {
    try {
      loaded.push(await loadEngine(engine, job.workload, surroundings));
      say('l');
    } catch (error) {
      unavailable.push({ id: engine.id, reason: String(error).split('\n')[0] ?? '' });
    }
  }
  const samples = await interleave(loaded, job, (round) => say(round < 0 ? 'w' : '.'));
  const measured = loaded.map(
    ({ facts, lastCounts }, i): PageMeasurement => ({
      ...facts,
      samples: samples[i] ?? [],
      counts: lastCounts(),
    }),
  );
  for (const { dispose } of loaded) await dispose();
  return { measured, unavailable };
}

interface Surroundings {
  /** NCHW. */
  readonly image: Float32Array;
  /** All devices that engines opened, the last one last. */
  readonly devices: readonly object[];
  readonly countsNow: () => GpuCounts;
}

interface LoadedEngine extends Runner {
  readonly facts: Omit<PageMeasurement, 'samples' | 'counts'>;
  /** Of the last run. */
  lastCounts(): GpuCounts;
  dispose(): void | Promise<void>;
}

async function loadEngine(
  engine: PageEngine,
  workload: PageWorkload,
  { image: given, devices, countsNow }: Surroundings,
): Promise<LoadedEngine> {
  await engine.prepare?.(workload);
  const before = countsNow();
  const devicesBefore = devices.length;
  const { result, block } = await watchBlocks(async () => {
    const times = [performance.now()];
    const { title, create } = await engine.importCode(workload);
    times.push(performance.now());
    const model = await create();
    times.push(performance.now());
    const image = model.layout === 'NCHW' ? given : toChannelsLast(given, workload.dims);
    times.push(performance.now());
    const scores = Array.from(await model.run(image));
    times.push(performance.now());
    return { title, model, image, scores, times };
  });
  const { title, model, image, scores, times } = result;
  const load = { ...loadTimes(times), counts: differenceOfCounts(countsNow(), before), block };
  const device = devices.length > devicesBefore ? devices.at(-1) : undefined;
  const again = await pipelinesOfSecondLoad(model, device, countsNow);
  let lastCounts = noCounts;
  return {
    facts: {
      id: engine.id,
      title,
      scores,
      load,
      ...(again === undefined ? {} : { pipelinesOfSecondLoad: again }),
    },
    run: async () => {
      const before = countsNow();
      await model.run(image);
      lastCounts = differenceOfCounts(countsNow(), before);
    },
    lastCounts: () => lastCounts,
    dispose: () => model.dispose(),
  };
}

/** The turn of an image to another layout, between the third time and the fourth, counts for nobody. */
function loadTimes([start = 0, imported = 0, created = 0, ready = 0, end = 0]: readonly number[]) {
  const importMilliseconds = imported - start;
  const createMilliseconds = created - imported;
  const firstRunMilliseconds = end - ready;
  const milliseconds = importMilliseconds + createMilliseconds + firstRunMilliseconds;
  return { milliseconds, importMilliseconds, createMilliseconds, firstRunMilliseconds };
}

async function pipelinesOfSecondLoad(
  { createAgain }: PageModel,
  device: object | undefined,
  countsNow: () => GpuCounts,
): Promise<number | undefined> {
  if (createAgain === undefined || device === undefined) return undefined;
  const before = countsNow();
  await createAgain(device);
  return countsNow().pipelines - before.pipelines;
}

/** [N, C, H, W] as [N, H, W, C]. */
function toChannelsLast(
  image: Float32Array,
  [batch = 1, channels = 1, rows = 1, columns = 1]: readonly number[],
): Float32Array {
  const pixels = rows * columns;
  const turned = new Float32Array(image.length);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) {
        turned[(n * pixels + p) * channels + c] = image[(n * channels + c) * pixels + p] ?? 0;
      }
    }
  }
  return turned;
}

/** What `npm run bench:webgpu` finds out, as its JSON holds it. */

import { type Difference, differenceBetween } from '../harness/difference.js';
import { type Ratio, ratioOf } from '../harness/ratio.js';
import { type Spread, spreadOf } from '../harness/spread.js';
import type { Environment } from '../reports/environment.js';
import type { AdapterNames, PageMeasurement } from './page/bench-page.js';
import type { WebgpuSettings } from './webgpu-settings.js';

/** The ratio is to the first engine; above 1, the first is faster. */
export interface WebgpuEngineResult extends Ratio, Omit<PageMeasurement, 'scores'> {
  readonly milliseconds: Spread;
  /** Against the scores of ONNX Runtime on the CPU. */
  readonly difference: Difference;
  /** Against the scores of the first engine. */
  readonly differenceToFirst: Difference;
  /** Gzipped, without the weights. */
  readonly codeBytes?: number;
}

export interface WebgpuModelResult {
  readonly id: string;
  readonly title: string;
  readonly engines: readonly WebgpuEngineResult[];
  readonly unavailable: readonly { readonly id: string; readonly reason: string }[];
}

export interface WebgpuResult {
  readonly environment: Environment;
  readonly browser: string;
  readonly adapter: AdapterNames;
  readonly settings: Pick<WebgpuSettings, 'rounds' | 'warmup' | 'optimize'>;
  readonly models: readonly WebgpuModelResult[];
}

/** The first engine is the one that the others are compared with. */
export function summarizeMeasurements(
  measured: readonly PageMeasurement[],
  reference: Float32Array,
  codeBytes: Readonly<Record<string, number | undefined>>,
): WebgpuEngineResult[] {
  const base = measured[0]?.samples ?? [];
  const first = Float32Array.from(measured[0]?.scores ?? []);
  return measured.map(({ scores, ...facts }) => {
    const code = codeBytes[facts.id];
    const own = Float32Array.from(scores);
    return {
      ...facts,
      milliseconds: spreadOf(facts.samples),
      ...ratioOf(facts.samples, base),
      difference: differenceBetween(own, reference),
      differenceToFirst: differenceBetween(own, first),
      ...(code === undefined ? {} : { codeBytes: code }),
    };
  });
}

/** Engines that differ by more than this, by the largest score, do not compute the same model. */
const tolerance = 1e-3;

/** What is wrong with a result, a sentence each. */
export function problemsOf({ id, engines }: WebgpuModelResult): string[] {
  const differing = engines
    .filter(({ difference }) => !(difference.relative <= tolerance))
    .map(({ title }) => `${title} gives other scores for ${id}: its timings compare nothing.`);
  const compiling = engines
    .filter(({ pipelinesOfSecondLoad = 0 }) => pipelinesOfSecondLoad > 0)
    .map(({ title, pipelinesOfSecondLoad }) => {
      return `${title} compiles ${pipelinesOfSecondLoad} pipelines again in a second load of ${id}.`;
    });
  const isThere = engines.some((engine) => engine.id.startsWith('whittle'));
  const missing = isThere ? [] : [`Whittle does not run ${id}.`];
  return [...differing, ...compiling, ...missing];
}

/** Whittle: the emitted module, as a user imports it. */

import { loadEmitted } from '../harness/emitted-module.js';
import type { Workload } from '../harness/workload.js';
import type { Engine, EngineOptions } from './engine.js';

export async function whittleEngine(
  { bytes, inputName, outputName, input }: Workload,
  { target, optimize }: EngineOptions,
): Promise<Engine> {
  const { model, dispose } = await loadEmitted(bytes, { target, optimize });
  const scoresOf = (results: Awaited<ReturnType<typeof model.run>>): Float32Array => {
    const data = results[outputName]?.data;
    if (data instanceof Float32Array) return data;
    throw new Error(`The module gives no float32 output "${outputName}".`);
  };
  const feeds = { [inputName]: input };
  return {
    id: `whittle-${target}`,
    title: `Whittle ${target}, -O ${optimize}`,
    run: () => {
      const results = model.run(feeds);
      return results instanceof Promise ? results.then(scoresOf) : scoresOf(results);
    },
    dispose,
  };
}

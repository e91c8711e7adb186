/** Whittle: the emitted module, as a user imports it. */

import type { Target } from '@whittle/compiler';

import { codeSize } from '../harness/code-size.js';
import { loadEmitted } from '../harness/emitted-module.js';
import type { EngineFactory } from './engine.js';

export function whittleEngine(target: Target): EngineFactory {
  return async ({ bytes, inputName, outputName, dims, input }, { optimize }) => {
    const options = { target, optimize, shapes: { [inputName]: dims } };
    const { model, report, paths, entry, dispose } = await loadEmitted(bytes, options);
    const scoresOf = (results: Awaited<ReturnType<typeof model.run>>): Float32Array => {
      const data = results[outputName]?.data;
      if (data instanceof Float32Array) return data;
      throw new Error(`The module gives no float32 output "${outputName}".`);
    };
    const feeds = { [inputName]: input };
    return {
      id: `whittle-${target}`,
      title: `Whittle ${target}, -O ${optimize}`,
      firstRun: { way: 'module', file: entry },
      codeBytes: await codeSize(paths.filter((path) => /\.(js|wasm)$/.test(path))),
      macs: report.program.macs,
      run: () => {
        const results = model.run(feeds);
        return results instanceof Promise ? results.then(scoresOf) : scoresOf(results);
      },
      dispose,
    };
  };
}

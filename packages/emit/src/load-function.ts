/** The exported `load` of a module: gets the weights and makes an instance. */

import type { ModuleFunction } from './es-module.js';
import { jsString } from './js-string.js';

export interface LoadedWeights {
  /** The name of the weights file; undefined where they are in the module. */
  readonly file: string | undefined;
  readonly bytes: number;
  readonly checksum: number;
}

/** `weights` is undefined where the program has no constants. */
export function loadFunction(weights: LoadedWeights | undefined): ModuleFunction {
  return {
    kind: 'function',
    name: 'load',
    params: [{ name: 'options', initializer: '{}' }],
    body: weights === undefined ? '  return createModel();\n' : bodyWithWeights(weights),
    doc: 'Makes an instance of the model. Instances share nothing.',
    exported: true,
    async: true,
  };
}

function bodyWithWeights({ file, bytes, checksum }: LoadedWeights): string {
  const source =
    file === undefined
      ? [
          '  const bytes =',
          '    options.weights === undefined',
          '      ? decodeBase64(inlineWeights)',
          '      : await readBytes(options.weights);',
        ]
      : [
          '  const bytes = await readBytes(',
          `    options.weights ?? new URL(${jsString(`./${file}`)}, import.meta.url),`,
          '  );',
        ];
  return `${source.join('\n')}\n  return createModel(checkWeights(bytes, ${bytes}, ${checksum}));\n`;
}

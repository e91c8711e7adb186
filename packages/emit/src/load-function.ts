/** The exported `load` of a module: gets the weights and the WebAssembly, and makes an instance. */

import type { ModuleFunction } from './es-module.js';
import { jsString } from './js-string.js';

export interface LoadedFiles {
  /** Absent where the program has no constants. */
  readonly weights?: {
    /** The name of the weights file; undefined where they are in the module. */
    readonly file: string | undefined;
    readonly bytes: number;
    readonly checksum: number;
  };
  /** Absent where the target is no WebAssembly. `file` is as that of the weights. */
  readonly wasm?: { readonly file: string | undefined };
}

/** `load(options)`, which calls `createModel` with the exports of the WebAssembly, then the weights. */
export function loadFunction({ weights, wasm }: LoadedFiles): ModuleFunction {
  const lines: string[] = [];
  const parts: string[] = [];
  if (wasm) {
    lines.push(
      `  const module = await wasmModule(${sourceOf('wasm', wasm.file)});`,
      '  const { exports } = await WebAssembly.instantiate(module, imports);',
    );
    parts.push('exports');
  }
  if (weights) {
    const { file, bytes, checksum } = weights;
    lines.push(...bytesOfWeights(file));
    parts.push(`checkWeights(bytes, ${bytes}, ${checksum})`);
  }
  lines.push(`  return createModel(${parts.join(', ')});`);
  return {
    kind: 'function',
    name: 'load',
    params: [{ name: 'options', initializer: '{}' }],
    body: `${lines.join('\n')}\n`,
    doc: 'Makes an instance of the model. Instances share nothing.',
    exported: true,
    async: true,
  };
}

function bytesOfWeights(file: string | undefined): readonly string[] {
  return file === undefined
    ? [
        '  const bytes =',
        '    options.weights === undefined',
        '      ? decodeBase64(inlineWeights)',
        '      : await readBytes(options.weights);',
      ]
    : ['  const bytes = await readBytes(', `    ${sourceOf('weights', file)},`, '  );'];
}

/** What the caller gives, or the file beside the module, or what the module holds itself. */
function sourceOf(option: 'weights' | 'wasm', file: string | undefined): string {
  return file === undefined
    ? `options.${option} ?? decodeBase64(inlineWasm)`
    : `options.${option} ?? new URL(${jsString(`./${file}`)}, import.meta.url)`;
}

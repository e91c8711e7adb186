/**
 * Loads an emitted module so that it can be collected when nobody needs it: `import()` keeps what it
 * has loaded for as long as the process runs, and thousands of modules do not fit into memory.
 */

import { compileFunction } from 'node:vm';
import type { LoadedModule, Model } from '../../../codegen-js/test/load-module.js';

/** The text of the module runs as the body of a function, in strict mode as modules do. */
export async function loadCollectable(files: ReadonlyMap<string, Uint8Array>): Promise<Model> {
  const fileOf = (ending: string): Uint8Array | undefined =>
    [...files].find(([name]) => name.endsWith(ending))?.[1];
  const text = new TextDecoder().decode(fileOf('.js'));
  const body = text.replace(/^export /gm, '').replaceAll('import.meta.url', '"file:///"');
  const run = compileFunction(`"use strict";\n${body}\nreturn { load };`);
  const { load }: Pick<LoadedModule, 'load'> = run();
  const weights = fileOf('.weights.bin');
  return load(weights === undefined ? {} : { weights });
}

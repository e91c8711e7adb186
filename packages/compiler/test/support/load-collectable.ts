/**
 * Loads an emitted module so that it can be collected when nobody needs it: `import()` keeps what it
 * has loaded for as long as the process runs, and thousands of modules do not fit into memory.
 */

import { compileFunction } from 'node:vm';
import {
  type LoadedModule,
  loadOptions,
  type Model,
} from '../../../codegen-js/test/load-module.js';

/** The text of the module runs as the body of a function, in strict mode as modules do. */
export async function loadCollectable(files: ReadonlyMap<string, Uint8Array>): Promise<Model> {
  const code = [...files].find(([name]) => name.endsWith('.js'))?.[1];
  const text = new TextDecoder().decode(code);
  const body = text.replace(/^export /gm, '').replaceAll('import.meta.url', '"file:///"');
  const run = compileFunction(`"use strict";\n${body}\nreturn { load };`);
  const { load }: Pick<LoadedModule, 'load'> = run();
  return load(loadOptions(files));
}

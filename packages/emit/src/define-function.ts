/** A function of a runtime, from its source text: what ships with every module that needs it. */

import type { ModuleFunction } from './es-module.js';

/** The text is the body, indented by one level; a line break before it is left out. */
export function defineFunction(
  name: string,
  params: readonly string[],
  doc: string | undefined,
  text: string,
  async = false,
): ModuleFunction {
  const body = `${text.replace(/^\n/, '')}\n`;
  return { kind: 'function', name, params, body, async, ...(doc === undefined ? {} : { doc }) };
}

/** The exported `load` of a module: gets the bytes that the module needs, all at once, and makes an instance. */

import type { ModuleFunction } from './es-module.js';

/** One thing that `load` waits for. */
export interface LoadedPart {
  /** What `load` calls it. */
  readonly variable: string;
  /** The call that gives a promise of it. */
  readonly request: string;
  /** What `createModel` is given: an expression over the variable. */
  readonly argument: string;
}

/** The parts are requested at once; `createModel` takes them in this order. */
export function loadFunction(parts: readonly LoadedPart[]): ModuleFunction {
  const args = parts.map(({ argument }) => argument);
  return {
    kind: 'function',
    name: 'load',
    params: [{ name: 'options', initializer: '{}' }],
    body: `${request(parts)}  return createModel(${args.join(', ')});\n`,
    doc: 'Makes an instance of the model. Instances share nothing.',
    exported: true,
    async: true,
  };
}

function request(parts: readonly LoadedPart[]): string {
  const [first, ...others] = parts;
  if (first === undefined) return '';
  if (others.length === 0) return `  const ${first.variable} = await ${first.request};\n`;
  const variables = parts.map(({ variable }) => variable);
  const requests = parts.map((part) => `    ${part.request},\n`);
  return `  const [${variables.join(', ')}] = await Promise.all([\n${requests.join('')}  ]);\n`;
}

/** The command line of `npm run conformance`. */

import { parseArgs } from 'node:util';

import { type Target, targetNames } from '@whittle/compiler';
import { defaultRoot } from './published-cases.js';

export interface ConformanceSettings {
  readonly target: Target;
  /** What the id of a case must contain. */
  readonly filter: string;
  readonly root: string;
  readonly json: string | undefined;
  readonly writes: boolean;
}

export const conformanceUsage = `Usage: npm run conformance -- [options]
  --target js|wasm|wgsl  what to compile for (default: js)
  --filter TEXT          only cases with this in their id, such as node/test_abs (default: all)
  --root DIR             where the cases are (default: ${defaultRoot})
  --json FILE            write the result of each case
  --write                put the counts and all that does not pass into docs/conformance.md
Ends with 1 unless all cases pass.
`;

/** Undefined where help is asked for. @throws {Error} for what makes no sense. */
export function readConformanceSettings(args: readonly string[]): ConformanceSettings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string', default: 'js' },
      filter: { type: 'string', default: '' },
      root: { type: 'string', default: defaultRoot },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const target = targetNames.find((name) => name === values.target);
  if (target === undefined) {
    throw new Error(`--target takes ${targetNames.join(', ')}, not "${values.target}".`);
  }
  const { filter, root, json, write } = values;
  return { target, filter, root, json, writes: write };
}

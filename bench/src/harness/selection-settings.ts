/** The options of commands that measure the rows of a table, all of them or some. */

import { parseArgs } from 'node:util';

import type { Pace } from './interleave.js';
import { wholeNumber } from './option-values.js';

export interface SelectionSettings extends Pace {
  /** A row counts whose description holds this. */
  readonly only: string;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

/** Reads the command line; undefined where help is asked for. @throws {Error} where it is wrong. */
export function readSelection(defaults: Pace): SelectionSettings | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: String(defaults.rounds) },
      warmup: { type: 'string', default: String(defaults.warmup) },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    only: values.only,
    rounds: wholeNumber('rounds', values.rounds),
    warmup: wholeNumber('warmup', values.warmup),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

/** `whittle passes`: what can be named by `--passes`, `--skip-pass` and `--print-after`. */

import { allPasses, pipelines } from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import { formatTable } from '../format.js';
import { printableJson } from '../printable.js';
import { schemaVersion } from '../report-error.js';
import { type Terminal, writeResult } from '../terminal.js';

export async function passesCommand(
  terminal: Terminal,
  { json }: { readonly json?: boolean },
): Promise<number> {
  const levels = Object.entries(pipelines);
  const passes = allPasses.map((pass) => ({
    id: pass.id,
    summary: pass.summary,
    levels: levels.flatMap(([level, list]) => (list.includes(pass) ? [Number(level)] : [])),
  }));
  const order = Object.fromEntries(
    levels.map(([level, list]) => [level, list.map(({ id }) => id)]),
  );
  const text = json
    ? printableJson({ schemaVersion, command: 'passes', passes, pipelines: order })
    : formatTable(
        passes.map(({ id, summary, levels }) => [
          id,
          levels.map((n) => `O${n}`).join(' '),
          summary,
        ]),
        ['left', 'left', 'left'],
      );
  await writeResult(terminal, `${text}\n`);
  return exitCodes.ok;
}

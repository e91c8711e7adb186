/** `whittle optimize`: a model to a smaller and faster model. */

import { optimize } from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import { formatBytes } from '../format.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { writeOneFile } from '../write-files.js';
import { type ModelCommandOptions, modelOptions } from './model-options.js';

export interface OptimizeCommandOptions extends ModelCommandOptions {
  readonly output: string;
}

export async function optimizeCommand(
  terminal: Terminal,
  path: string,
  options: OptimizeCommandOptions,
): Promise<number> {
  const model = await readModel(path, terminal);
  const progress = await startProgress(terminal);
  const note = (text: string) => writeNote(terminal, text);
  const settings = modelOptions(options, model, progress, note);
  const bytes = model.take();
  const result = await optimize(bytes, settings).finally(progress.stop);
  const [before, after] = [bytes.byteLength, result.byteLength];
  if (options.output === '-') {
    await writeResult(terminal, result);
    return exitCodes.ok;
  }
  writeOneFile(options.output, result, model.read);
  const { output } = options;
  const document = { schemaVersion, command: 'optimize', output, bytes: { before, after } };
  const text = options.json
    ? printableJson(document)
    : `${printable(output)}: ${formatBytes(before)} → ${formatBytes(after)}`;
  await writeResult(terminal, `${text}\n`);
  return exitCodes.ok;
}

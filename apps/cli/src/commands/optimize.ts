/** `whittle optimize`: a model to a smaller and faster model. */

import { CompilerError, optimize } from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import { formatBytes } from '../format.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { writeOneFile } from '../write-files.js';
import { type ModelCommandOptions, modelOptions, requirePrinted } from './model-options.js';

export interface OptimizeCommandOptions extends ModelCommandOptions {
  readonly output: string;
}

export async function optimizeCommand(
  terminal: Terminal,
  path: string,
  options: OptimizeCommandOptions,
): Promise<number> {
  if (options.output === '-' && options.json) {
    throw new CompilerError('E_INVALID_OPTION', 'A model and a report do not both go to stdout.', {
      hint: 'Without --json, -o - writes the model; with it, -o names a file.',
    });
  }
  const model = await readModel(path, terminal);
  const progress = await startProgress(terminal);
  let printed = 0;
  const note = (text: string) => {
    printed++;
    writeNote(terminal, text);
  };
  const settings = modelOptions(options, model, progress, note);
  const bytes = model.take();
  const result = await optimize(bytes, settings).finally(progress.stop);
  requirePrinted(options, printed);
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

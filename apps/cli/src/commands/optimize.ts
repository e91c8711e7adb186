/** `whittle optimize`: a model to a smaller and faster model. */

import {
  CompilerError,
  type OptimizedModel,
  type OptimizeReport,
  optimize,
} from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import { formatCount, formatTable } from '../format.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { writeOneFile } from '../write-files.js';
import {
  type ModelCommandOptions,
  modelOptions,
  printWarnings,
  requirePrinted,
} from './model-options.js';

export interface OptimizeCommandOptions extends ModelCommandOptions {
  readonly output: string;
}

export async function optimizeCommand(
  terminal: Terminal,
  path: string,
  options: OptimizeCommandOptions,
): Promise<number> {
  const toStdout = options.output === '-';
  if (toStdout && options.json) {
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
  let report: OptimizeReport | undefined;
  const result = await optimize(model.take(), {
    ...modelOptions(options, model, progress, note),
    onReport: (made) => {
      report = made;
    },
  }).finally(progress.stop);
  requirePrinted(options, printed);
  if (toStdout) await writeResult(terminal, result);
  else writeOneFile(options.output, result, model.read);
  if (report !== undefined) await printReport(report, options, terminal);
  return exitCodes.ok;
}

/** Beside the model where that is on stdout. */
async function printReport(
  report: OptimizeReport,
  { output, json, splitGroupConv }: OptimizeCommandOptions,
  terminal: Terminal,
): Promise<void> {
  printWarnings(report.warnings, terminal);
  if (splitGroupConv === 'all') printWarnings(unsplit(report), terminal);
  if (json) {
    const { before, after } = report;
    const bytes = { before: before.fileBytes, after: after.fileBytes };
    const document = { schemaVersion, command: 'optimize', output, bytes, report };
    await writeResult(terminal, `${printableJson(document)}\n`);
  } else if (output === '-') {
    writeNote(terminal, describe(report));
  } else {
    await writeResult(terminal, `${describe(report)}\n\nwrote ${printable(output)}\n`);
  }
}

/** Who asks for all to be split has an engine that takes nothing else. */
function unsplit({ decisions }: OptimizeReport): string[] {
  return decisions
    .filter(({ choice }) => choice === 'keep')
    .map(({ nodes: [node], candidate, reason }) => {
      const name = JSON.stringify(node?.name || node?.output);
      return `${node?.op} ${name} keeps its ${candidate}: ${reason}.`;
    });
}

/** What each op was and is, and what the whole costs. */
function describe({ before, after }: OptimizeReport): string {
  const ops = new Set([...Object.keys(before.ops), ...Object.keys(after.ops)]);
  const row = (name: string, count: (model: OptimizedModel) => OptimizedModel['macs']) => [
    name,
    printable(formatCount(count(before)), 40),
    printable(formatCount(count(after)), 40),
  ];
  return formatTable(
    [
      ['op', 'before', 'after'],
      ...[...ops].map((op) =>
        row(printable(op, 60), (model) => (Object.hasOwn(model.ops, op) ? model.ops[op] : 0)),
      ),
      ['', '', ''],
      row('nodes', ({ nodes }) => nodes),
      row('parameter bytes', ({ parameterBytes }) => parameterBytes),
      row('file bytes', ({ fileBytes }) => fileBytes),
      row('multiply-adds', ({ macs }) => macs),
    ],
    ['left', 'right', 'right'],
  );
}

/** `whittle compile`: a model to the files of a module. */

import {
  type Compilation,
  type CompileOptions,
  type CompileReport,
  CompilerError,
  compile,
} from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import {
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatSignature,
  formatTable,
} from '../format.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { type ModelFile, readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { writeFiles } from '../write-files.js';
import {
  compileOptions,
  printWarnings,
  requirePrinted,
  type TargetCommandOptions,
} from './model-options.js';

export interface CompileCommandOptions extends TargetCommandOptions {
  readonly output: string;
  readonly inline?: boolean;
  readonly name?: string;
}

export async function compileCommand(
  terminal: Terminal,
  path: string,
  options: CompileCommandOptions,
): Promise<number> {
  const toStdout = options.output === '-';
  if (toStdout && (!options.inline || options.json)) {
    throw new CompilerError(
      'E_INVALID_OPTION',
      'Only one module without a report goes to stdout.',
      {
        hint: 'With -o - give --inline, and not --json.',
      },
    );
  }
  const model = await readModel(path, terminal);
  const { read, stem } = model;
  const progress = await startProgress(terminal);
  let printed = 0;
  const note = (text: string) => {
    printed++;
    writeNote(terminal, text);
  };
  const settings = {
    ...compileOptions(options, model, progress, note),
    name: options.name ?? stem,
    inline: options.inline ?? false,
  };
  const { files, report } = await compileTaken(model, settings).finally(progress.stop);
  printWarnings(report.warnings, terminal);
  requirePrinted(options, printed);
  if (toStdout) {
    for (const [name, bytes] of files) if (name.endsWith('.js')) await writeResult(terminal, bytes);
    return exitCodes.ok;
  }
  writeFiles(options.output, files, read);
  const document = { schemaVersion, command: 'compile', output: options.output, report };
  const text = options.json ? printableJson(document) : describe(report);
  await writeResult(terminal, `${text}\n`);
  return exitCodes.ok;
}

/** Not async: the frame of an async function would keep the bytes until it returns. */
function compileTaken(model: ModelFile, settings: CompileOptions): Promise<Compilation> {
  return compile(model.take(), settings);
}

function describe(report: CompileReport): string {
  const { before, after, program } = report;
  const named = (tensors: CompileReport['inputs']) =>
    tensors.map((tensor) => `${printable(tensor.name)} ${formatSignature(tensor)}`).join(', ');
  const total = report.stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const facts = [
    ['inputs', named(report.inputs)],
    ['outputs', named(report.outputs)],
    ['nodes', `${formatCount(before.nodes)} → ${formatCount(after.nodes)}`],
    ['ops', listOps(after.ops)],
    ['kernels', `${formatCount(program.kernels)}, launched ${formatCount(program.steps)} times`],
    ['multiply-adds', formatCount(program.macs)],
    ['weights', `${formatCount(program.weightBytes)} bytes`],
    ...(program.preparedBytes === 0
      ? []
      : [['prepared', `${formatCount(program.preparedBytes)} bytes`]]),
    [
      'arena',
      `${formatCount(program.arenaBytes)} bytes (at least ${formatCount(program.arenaLowerBoundBytes)})`,
    ],
    ...gpuFacts(report),
    ['time', formatMilliseconds(total)],
  ];
  const files = report.files.map(({ name, bytes }) => [
    name,
    formatCount(bytes),
    formatBytes(bytes),
  ]);
  return [
    formatTable(files, ['left', 'right', 'right']),
    '',
    formatTable(facts, ['left', 'left']),
  ].join('\n');
}

/** What counts on a GPU. */
function gpuFacts({ gpu }: CompileReport): string[][] {
  if (gpu === undefined) return [];
  const { dispatches, shaders, workgroups, narrowest, traffic, banks, largestBindingBytes } = gpu;
  const narrow = narrowest.map(
    (step) => `${formatCount(step.workgroups)} (${printable(step.label, 40)})`,
  );
  return [
    ['dispatches', `${formatCount(dispatches)}, of ${formatCount(shaders)} shaders`],
    ['workgroups', formatCount(workgroups)],
    ...(narrow.length === 0 ? [] : [['', `the fewest: ${narrow.slice(0, 3).join(', ')}`]]),
    [
      'memory traffic',
      `${formatCount(traffic.bytes)} bytes a run, ` +
        `${formatCount(traffic.bytesWithoutWeights)} without weights`,
    ],
    ['banks', `${banks.map(formatCount).join(' + ')} bytes`],
    ['largest binding', `${formatCount(largestBindingBytes)} bytes`],
  ];
}

function listOps(ops: CompileReport['after']['ops']): string {
  return Object.entries(ops)
    .map(([op, count]) => `${count} ${printable(op, 60)}`)
    .join(', ');
}

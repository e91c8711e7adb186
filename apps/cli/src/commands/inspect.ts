/** `whittle inspect`: what a model is and what becomes of it. */

import { type Inspection, inspect } from '@whittle/compiler';
import { convolutionsText } from '../convolutions-text.js';
import { decisionsText } from '../decisions-text.js';
import { exitCodes } from '../exit-codes.js';
import { formatBytes, formatCount, formatSignature, formatTable } from '../format.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { columnsOf, type Terminal, writeResult } from '../terminal.js';
import {
  compileOptions,
  printWarnings,
  requirePrinted,
  type TargetCommandOptions,
} from './model-options.js';

export interface InspectCommandOptions extends TargetCommandOptions {
  readonly explain?: boolean;
}

export async function inspectCommand(
  terminal: Terminal,
  path: string,
  options: InspectCommandOptions,
): Promise<number> {
  const model = await readModel(path, terminal);
  const progress = await startProgress(terminal);
  const printed: string[] = [];
  const settings = compileOptions(options, model, progress, (text) => printed.push(text));
  const inspection = await inspect(model.take(), settings).finally(progress.stop);
  printWarnings(inspection.warnings, terminal);
  requirePrinted(options, printed.length);
  await writeResult(terminal, `${result(inspection, printed, options, columnsOf(terminal))}\n`);
  return exitCodes.ok;
}

function result(
  inspection: Inspection,
  printed: readonly string[],
  { json, printAfter, explain }: InspectCommandOptions,
  columns: number,
): string {
  if (json) {
    const dumps = printAfter === undefined ? {} : { dumps: printed };
    return printableJson({ schemaVersion, command: 'inspect', ...inspection, ...dumps });
  }
  if (printAfter !== undefined) return printed.join('\n').trimEnd();
  const details = explain
    ? [convolutionsText(inspection, columns), decisionsText(inspection, columns)]
    : [listOpsAndNodes(inspection)];
  return [describe(inspection), ...details].join('\n\n');
}

function describe(inspection: Inspection): string {
  const { before, after, program, problem } = inspection;
  const { 'onnx.producer_name': producer, 'onnx.opset.ai.onnx': opset } = inspection.metadata;
  const facts = [
    ['model', printable(inspection.name)],
    ['producer', printable(producer ?? '?')],
    ['opset', printable(opset ?? '?')],
    ...inspection.inputs.map((tensor) => ['input', named(tensor)]),
    ...inspection.outputs.map((tensor) => ['output', named(tensor)]),
    ['parameters', `${formatCount(after.parameters)} (${formatBytes(after.parameterBytes)})`],
    ['multiply-adds', printable(formatCount(inspection.macs))],
    ['nodes', `${formatCount(before.nodes)} → ${formatCount(after.nodes)}`],
    ...(program === undefined
      ? []
      : [
          [
            'kernels',
            `${formatCount(program.kernels)}, launched ${formatCount(program.steps)} times`,
          ],
          ['weights', `${formatCount(program.weightBytes)} bytes`],
          ...(program.preparedBytes === 0
            ? []
            : [['prepared', `${formatCount(program.preparedBytes)} bytes`]]),
          [
            'arena',
            `${formatCount(program.arenaBytes)} bytes (at least ${formatCount(program.arenaLowerBoundBytes)})`,
          ],
        ]),
    ...(problem === undefined ? [] : [['compiles', printable(`no: ${problem.message}`, 10_000)]]),
    ...(problem?.hint === undefined ? [] : [['', printable(problem.hint, 10_000)]]),
  ];
  return formatTable(facts, ['left', 'left']);
}

function listOpsAndNodes(inspection: Inspection): string {
  return [
    formatTable(opRows(inspection), ['left', 'right', 'right']),
    '',
    formatTable(nodeRows(inspection), ['left', 'left', 'left', 'right', 'right', 'right']),
  ].join('\n');
}

/** How often each op occurs, before and after the passes. */
function opRows({ before, after }: Inspection): string[][] {
  const ops = new Set([...Object.keys(before.ops), ...Object.keys(after.ops)]);
  const count = (counts: Readonly<Record<string, number>>, op: string) =>
    Object.hasOwn(counts, op) ? String(counts[op]) : '–';
  return [
    ['op', 'before', 'after'],
    ...[...ops].map((op) => [printable(op, 60), count(before.ops, op), count(after.ops, op)]),
  ];
}

/** The nodes after the passes. */
function nodeRows({ nodes }: Inspection): string[][] {
  const size = (quantity: number | string | undefined) =>
    typeof quantity === 'number' ? formatBytes(quantity) : printable(formatCount(quantity), 40);
  return [
    ['op', 'node', 'result', 'multiply-adds', 'parameters', 'result size'],
    ...nodes.map((node) => [
      printable(node.op, 40),
      printable(node.name, 40),
      printable(node.outputs.map(formatSignature).join(', '), 60),
      printable(formatCount(node.macs), 40),
      size(node.parameterBytes),
      size(node.outputBytes),
    ]),
  ];
}

function named(tensor: Inspection['inputs'][number]): string {
  return printable(`${tensor.name} ${formatSignature(tensor)}`);
}

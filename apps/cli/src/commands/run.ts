/** `whittle run`: compiles a model and runs the emitted module once. */

import { type CompileReport, compile, safeStem, type TensorData } from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import { formatMilliseconds, formatSignature, formatTable } from '../format.js';
import { completeFeeds, readFeeds, requireInputs } from '../input-feeds.js';
import { encodeNpy } from '../npy.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { schemaVersion } from '../report-error.js';
import { describeTensor, type TensorStatistics } from '../tensor-statistics.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { withLoader } from '../with-loader.js';
import { writeFiles } from '../write-files.js';
import { compileOptions, printWarnings, type TargetCommandOptions } from './model-options.js';

export interface RunCommandOptions extends TargetCommandOptions {
  readonly input?: Readonly<Record<string, string>>;
  readonly output?: string;
}

export async function runCommand(
  terminal: Terminal,
  path: string,
  options: RunCommandOptions,
): Promise<number> {
  const feeds = readFeeds(options.input);
  const shape = { ...feeds.shapes, ...options.shape };
  const model = await readModel(path, terminal);
  const progress = await startProgress(terminal);
  const note = (text: string) => writeNote(terminal, text);
  const settings = compileOptions({ ...options, shape }, model, progress, note);
  const { files, report } = await compile(model.take(), settings).finally(progress.stop);
  printWarnings(report.warnings, terminal);
  requireInputs(options.input, report.inputs);
  const complete = completeFeeds(report.inputs, feeds);
  const { results, milliseconds } = await withLoader(async (load) => {
    const instance = await load(files, report.target);
    const start = performance.now();
    const results = await instance.run(complete);
    return { results, milliseconds: performance.now() - start };
  });
  const outputs = describeOutputs(report, results, options.output);
  if (options.output !== undefined) {
    const arrays = outputs.map(({ file, tensor }) => [file ?? '', encodeNpy(tensor)] as const);
    writeFiles(options.output, new Map(arrays), model.read);
  }
  await writeResult(terminal, `${render(outputs, milliseconds, options)}\n`);
  return exitCodes.ok;
}

interface DescribedOutput {
  readonly name: string;
  readonly tensor: TensorData;
  readonly statistics: TensorStatistics;
  readonly file?: string;
}

function describeOutputs(
  report: CompileReport,
  results: Readonly<Record<string, TensorData>>,
  folder: string | undefined,
): DescribedOutput[] {
  const taken = new Set<string>();
  return report.outputs.flatMap(({ name, dtype }) => {
    const result = results[name];
    if (result === undefined || dtype === 'string' || dtype === 'unknown') return [];
    const tensor: TensorData = { dtype, dims: result.dims, data: result.data };
    const described = { name, tensor, statistics: describeTensor(tensor) };
    return [folder === undefined ? described : { ...described, file: fileFor(name, taken) }];
  });
}

/** Two names that are alike as files, on any system, get files of their own. */
function fileFor(name: string, taken: Set<string>): string {
  const stem = safeStem(`${name}.npy`);
  let file = `${stem}.npy`;
  for (let i = 1; taken.has(file.toLowerCase()); i++) file = `${stem}-${i}.npy`;
  taken.add(file.toLowerCase());
  return file;
}

function render(
  outputs: readonly DescribedOutput[],
  milliseconds: number,
  { json, output }: RunCommandOptions,
): string {
  if (json) {
    const described = outputs.map(({ name, tensor, statistics, file }) => {
      const { dtype, dims } = tensor;
      return { name, dtype, dims, ...statistics, file };
    });
    return printableJson({
      schemaVersion,
      command: 'run',
      milliseconds,
      output,
      outputs: described,
    });
  }
  const rows = outputs.map(({ name, tensor, statistics, file }) => [
    printable(name, 60),
    formatSignature(tensor),
    `${statistics.minimum ?? '–'} … ${statistics.maximum ?? '–'}`,
    file ?? statistics.first.map(String).join(' '),
  ]);
  const table = formatTable(
    [['output', 'type', 'range', output === undefined ? 'first elements' : 'file'], ...rows],
    ['left', 'left', 'left', 'left'],
  );
  return `${table}\n\nran in ${formatMilliseconds(milliseconds)}`;
}

/**
 * `node bench/dist/compile-cost.js [MODEL.onnx]`: what compiling costs, measured on the command as
 * users start it: CPU time, peak memory and wall time of `whittle compile` and of `whittle --help`,
 * and the size of what it writes. Without a model it takes MobileNetV2 of the zoo, 14 MB.
 */

import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import type { OptimizationLevel } from '@whittle/compiler';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';

import { measureProcess, type ProcessCost } from './harness/measure-process.js';
import { optimizationLevel, wholeNumber } from './harness/option-values.js';
import { runCommand } from './harness/run-command.js';
import { type Spread, spreadOf } from './harness/spread.js';
import { describeEnvironment } from './reports/environment.js';
import { formatTable } from './reports/format-table.js';
import { writeResult } from './reports/write-result.js';

const whittle = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

const usage = `Usage: node bench/dist/compile-cost.js [MODEL.onnx] [options]
  --runs N              runs of each command (default: 5)
  --optimize 0|1|2      the level (default: 2)
  --markdown            print the table as Markdown
  --json FILE           where the numbers go (default: a new file in bench/results)
`;

interface Settings {
  /** The path of an ONNX file; the default is of the zoo. */
  readonly model: string | undefined;
  readonly runs: number;
  readonly optimize: OptimizationLevel;
  readonly style: 'plain' | 'markdown';
  readonly json: string | undefined;
}

async function main({ model: path, runs, optimize, style, json }: Settings): Promise<boolean> {
  const environment = describeEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'whittle-cost-'));
  try {
    const model = path ?? (await writeModel(folder));
    const output = join(folder, 'out');
    const level = ['--optimize', String(optimize)];
    const costs = {
      compile: await repeat(runs, ['compile', model, '-o', output, ...level]),
      help: await repeat(runs, ['--help']),
    };
    const modelBytes = (await stat(model)).size;
    const files = await filesIn(output);
    const { cpu, node, load } = environment;
    process.stdout.write(`${cpu}, Node ${node}, load ${load}; a model of ${modelBytes} bytes\n\n`);
    process.stdout.write(`${formatCosts(costs, style)}\n\n`);
    for (const { name, bytes, gzip } of files) {
      process.stdout.write(`${name}: ${bytes} bytes${gzip ? `, ${gzip} by gzip` : ''}\n`);
    }
    const settings = { runs, optimize };
    const document = { settings, modelBytes, costs, files };
    const written = await writeResult('compile-cost', environment, document, json);
    process.stderr.write(`Written to ${written}\n`);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeModel(folder: string): Promise<string> {
  const path = join(folder, 'mobilenet-v2.onnx');
  await writeFile(path, exportOnnx(findModel('mobilenet-v2').build()));
  return path;
}

type Costs = Readonly<Record<keyof ProcessCost, Spread>>;

async function repeat(runs: number, args: readonly string[]): Promise<Costs> {
  const costs: ProcessCost[] = [];
  for (let run = 0; run < runs; run++) costs.push(await measureProcess(whittle, args));
  return {
    cpuSeconds: spreadOf(costs.map((cost) => cost.cpuSeconds)),
    peakMiB: spreadOf(costs.map((cost) => cost.peakMiB)),
    wallSeconds: spreadOf(costs.map((cost) => cost.wallSeconds)),
  };
}

interface EmittedFile {
  readonly name: string;
  readonly bytes: number;
  /** Of code; weights hardly shrink. */
  readonly gzip?: number;
}

async function filesIn(folder: string): Promise<EmittedFile[]> {
  const files: EmittedFile[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const content = await readFile(join(folder, name));
    const gzip = name.endsWith('.js') ? { gzip: gzipSync(content, { level: 9 }).byteLength } : {};
    files.push({ name, bytes: content.byteLength, ...gzip });
  }
  return files;
}

function formatCosts(costs: Readonly<Record<string, Costs>>, style: 'plain' | 'markdown'): string {
  const head = ['command', 'CPU s', 'p25 to p75', 'wall s', 'p25 to p75', 'peak MiB', 'max'];
  const rows = Object.entries(costs).map(([command, { cpuSeconds, wallSeconds, peakMiB }]) => [
    `whittle ${command === 'help' ? '--help' : command}`,
    cpuSeconds.median.toFixed(2),
    `${cpuSeconds.p25.toFixed(2)} to ${cpuSeconds.p75.toFixed(2)}`,
    wallSeconds.median.toFixed(2),
    `${wallSeconds.p25.toFixed(2)} to ${wallSeconds.p75.toFixed(2)}`,
    peakMiB.median.toFixed(0),
    peakMiB.max.toFixed(0),
  ]);
  return formatTable({ head, rows }, style);
}

/** Undefined where help is asked for. */
async function readSettings(): Promise<Settings | undefined> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '5' },
      optimize: { type: 'string', default: '2' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [model, ...others] = positionals;
  if (others.length > 0) throw new Error('Name one model.');
  if (model !== undefined) await access(model);
  return {
    model,
    runs: wholeNumber('runs', values.runs),
    optimize: optimizationLevel(values.optimize),
    style: values.markdown ? 'markdown' : 'plain',
    json: values.json,
  };
}

await runCommand({ usage, readSettings, main });

/**
 * The commands and their options. What a command does is loaded when it runs: `whittle --help` reads
 * this file and commander, and nothing else.
 */

import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  parseConstant,
  parseCount,
  parseDim,
  parseInput,
  parseList,
  parseShape,
  parseTolerance,
  policies,
  precisions,
} from './option-parsers.js';
import type { Terminal } from './terminal.js';

/** `onExitCode` hears the exit code of the command that ran. */
export function commandTree(terminal: Terminal, onExitCode: (code: number) => void): Command {
  const root = new Command('whittle')
    .description('Compiles ONNX models ahead of time to small standalone ES modules.')
    .version(version(), '-V, --version')
    .helpOption('-h, --help')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      // Errors are reported in one place, by reportError.
      writeErr: () => {},
      outputError: () => {},
    });
  const command = (name: string, description: string): Command =>
    root.command(name).description(description).option('--json', 'print one JSON document');
  const action =
    <Args extends unknown[]>(load: () => Promise<(...args: Args) => Promise<number>>) =>
    async (...args: unknown[]): Promise<void> => {
      const run = await load();
      // Commander gives the arguments, the options and the command.
      onExitCode(await run(...([terminal, ...args.slice(0, -1)] as Args)));
    };

  policyOptions(modelOptions(command('compile', 'compile a model to a module')))
    .addOption(targetOption())
    .option('-o, --output <dir>', 'folder for the files; - for a module to stdout', '.')
    .option('--inline', 'put weights and WebAssembly into the module')
    .option('--name <stem>', "stem of the files (default: the model file's)")
    .addOption(printAfterOption())
    .action(action(async () => (await import('./commands/compile.js')).compileCommand));

  passOptions(modelOptions(command('optimize', 'write a smaller and faster ONNX model')))
    .requiredOption('-o, --output <file>', 'the model to write; - for stdout')
    .addOption(splitGroupConvOption('none'))
    .addOption(printAfterOption())
    .action(action(async () => (await import('./commands/optimize.js')).optimizeCommand));

  const inspect = command('inspect', 'show ops, shapes, multiply-adds and bytes');
  policyOptions(passOptions(modelOptions(inspect)))
    .addOption(targetOption())
    .option('--explain', 'show each separable convolution, and what is fused or split and why')
    .addOption(printAfterOption())
    .action(action(async () => (await import('./commands/inspect.js')).inspectCommand));

  policyOptions(modelOptions(command('run', 'compile a model and run it once')))
    .addOption(targetOption())
    .addOption(inputOption())
    .option('--output <dir>', 'write each output as a .npy file')
    .action(action(async () => (await import('./commands/run.js')).runCommand));

  const verify = command('verify', 'compare targets with onnxruntime-node or the interpreter');
  policyOptions(modelOptions(verify))
    .option('--target <name>', 'js, wasm or wgsl; may be repeated (default: js)', parseList)
    .addOption(inputOption())
    .option(
      '--atol <number>',
      'error allowed to any element (default: 1e-6; of f16 1e-3)',
      parseTolerance,
    )
    .option(
      '--rtol <number>',
      'by the largest element of an output (default: 1e-4; of wgsl 1e-3, of f16 1e-2)',
      parseTolerance,
    )
    .addOption(
      new Option('--reference <name>', 'what to compare with')
        .choices(['auto', 'onnxruntime', 'interpreter'])
        .default('auto'),
    )
    .action(action(async () => (await import('./commands/verify.js')).verifyCommand));

  const bench = command('bench', 'time the emitted module, beside other engines and by steps');
  policyOptions(modelOptions(bench))
    .option('--target <name>', 'js, wasm or wgsl; may be repeated (default: js)', parseList)
    .addOption(inputOption())
    .option('--against <names>', 'engines that are installed: ort-web, ort-node', parseList)
    .option('--rounds <n>', 'timed runs of each (default: 20)', parseCount)
    .option('--warmup <n>', 'untimed runs before (default: 5)', parseCount)
    .option('--layers', 'show the time of each step, and its share of the peak')
    .option('--trace <file>', 'write the steps of a run as a Chrome trace')
    .action(action(async () => (await import('./commands/bench.js')).benchCommand));

  command('passes', 'list the passes').action(
    action(async () => (await import('./commands/passes.js')).passesCommand),
  );
  return root;
}

function modelOptions(command: Command): Command {
  return command
    .argument('<model>', 'an ONNX file, or - for stdin')
    .option('--shape <name:dims>', 'dims of an input, as x:1,3,224,224; repeatable', parseShape)
    .option(
      '--constant <name=value>',
      'what an input always holds: k=5, axes=0,2 or a .npy or .pb file; repeatable',
      parseConstant,
    )
    .option('--dim <name=n>', 'a number for a named dim; repeatable', parseDim)
    .addOption(
      new Option('-O, --optimize <level>', '0: what has to be, 1: exact, 2: all')
        .choices(['0', '1', '2'])
        .default('2'),
    )
    .option('--dump <dir>', 'write the text of each level, after each pass');
}

function passOptions(command: Command): Command {
  return command
    .option('--passes <ids>', 'passes to run instead of those of the level', parseList)
    .option('--skip-pass <id>', 'a pass to leave out; repeatable', parseList);
}

function policyOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fuse <policy>', 'make one kernel of depthwise and pointwise convolutions')
        .choices(policies)
        .default('auto'),
    )
    .addOption(splitGroupConvOption('auto'))
    .addOption(
      new Option('--precision <type>', 'what memory holds float32 as; f16 is for wgsl alone')
        .choices(precisions)
        .default('f32'),
    );
}

function splitGroupConvOption(otherwise: (typeof policies)[number]): Option {
  return new Option(
    '--split-group-conv [policy]',
    'make one convolution of each group; by itself: all',
  )
    .choices(policies)
    .default(otherwise);
}

function targetOption(): Option {
  return new Option('--target <name>', 'what to compile to: js, wasm or wgsl').default('js');
}

function inputOption(): Option {
  return new Option(
    '--input <name=source>',
    'a .npy or .pb file, or the word random, which is also the default; repeatable',
  ).argParser(parseInput);
}

function printAfterOption(): Option {
  return new Option('--print-after <pass>', 'print the graph after a pass, or after all');
}

function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

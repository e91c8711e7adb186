/** What every command that reads a model can be asked, and what that is for the library. */

import {
  allPasses,
  type CompileOptions,
  CompilerError,
  type ModelOptions,
  type Policy,
  type Precision,
  type Target,
} from '@whittle/compiler';
import { readConstants } from '../input-feeds.js';
import type { ConstantSource } from '../option-parsers.js';
import { printableLines } from '../printable.js';
import type { Progress } from '../progress.js';
import type { ModelFile } from '../read-model.js';
import { type Terminal, writeNote } from '../terminal.js';
import { writeFiles } from '../write-files.js';

/** As commander gives them. */
export interface ModelCommandOptions {
  readonly shape?: Readonly<Record<string, readonly number[]>>;
  readonly constant?: Readonly<Record<string, ConstantSource>>;
  readonly dim?: Readonly<Record<string, number>>;
  readonly optimize?: '0' | '1' | '2';
  readonly passes?: readonly string[];
  readonly skipPass?: readonly string[];
  readonly fuse?: Policy;
  readonly splitGroupConv?: Policy;
  /** Not of `optimize`, which has no target. */
  readonly precision?: Precision;
  readonly dump?: string;
  readonly printAfter?: string;
  readonly json?: boolean;
}

export interface TargetCommandOptions extends ModelCommandOptions {
  /** The library says what targets there are. */
  readonly target?: string;
}

/** `onText` receives what `--print-after` asks for. */
export function modelOptions(
  options: ModelCommandOptions,
  model: ModelFile,
  progress: Progress,
  onText: (text: string) => void,
): ModelOptions & Pick<CompileOptions, 'precision'> {
  const dumps = dumpers(options, model, onText);
  return {
    optimize: levels[options.optimize ?? '2'],
    onProgress: progress.stage,
    now: () => performance.now(),
    ...(options.shape && { shapes: options.shape }),
    ...(options.constant && { constants: readConstants(options.constant) }),
    ...(options.dim && { dims: options.dim }),
    ...(options.passes && { passes: options.passes }),
    ...(options.skipPass && { skipPasses: options.skipPass }),
    ...(options.fuse && { fuse: options.fuse }),
    ...(options.splitGroupConv && { splitGroups: options.splitGroupConv }),
    ...(options.precision && { precision: options.precision }),
    ...(model.externalData && { externalData: model.externalData }),
    ...(dumps.length > 0 && { onDump: all(dumps) }),
  };
}

/**
 * Called with how often `onText` was.
 * @throws {CompilerError} `E_INVALID_OPTION` where `--print-after` names a pass that did not run.
 */
export function requirePrinted({ printAfter }: ModelCommandOptions, printed: number): void {
  if (printAfter === undefined || printed > 0) return;
  throw new CompilerError('E_INVALID_OPTION', `No pass "${printAfter}" runs here.`, {
    hint: 'whittle passes lists those of each level.',
  });
}

export function compileOptions(
  options: TargetCommandOptions,
  ...rest: [ModelFile, Progress, (text: string) => void]
): CompileOptions {
  // The library refuses a name that no target has.
  const target = (options.target ?? 'js') as Target;
  return { ...modelOptions(options, ...rest), target };
}

/** Warnings go beside the result. */
export function printWarnings(warnings: readonly string[], terminal: Terminal): void {
  for (const warning of warnings) writeNote(terminal, printableLines(`warning: ${warning}`));
}

const levels = { '0': 0, '1': 1, '2': 2 } as const;

type Dumper = (file: string, text: string) => void;

function all(dumpers: readonly Dumper[]): Dumper {
  return (file, text) => {
    for (const dump of dumpers) dump(file, text);
  };
}

/** Dumps are there to find out what went wrong, so they stay even where the command then fails. */
function dumpers(
  { dump, printAfter }: ModelCommandOptions,
  model: ModelFile,
  onText: (text: string) => void,
): Dumper[] {
  const list: Dumper[] = [];
  if (dump !== undefined) {
    list.push((file, text) => writeFiles(dump, new Map([[file, Buffer.from(text)]]), model.read));
  }
  if (printAfter !== undefined) {
    requirePass(printAfter);
    list.push((file, text) => {
      if (printAfter !== 'all' && passOf(file) !== printAfter) return;
      onText(printableLines(`# ${file}\n${text}`));
    });
  }
  return list;
}

/** `007-fold-pad.ir` → `fold-pad` */
function passOf(file: string): string {
  return file.replace(/^\d+-/, '').replace(/\.[a-z]+$/, '');
}

function requirePass(id: string): void {
  const ids = allPasses.map((pass) => pass.id);
  if (id === 'all' || ids.includes(id)) return;
  throw new CompilerError('E_INVALID_OPTION', `There is no pass ${JSON.stringify(id)}.`, {
    hint: `The passes are ${ids.join(', ')}; all names each of them.`,
  });
}

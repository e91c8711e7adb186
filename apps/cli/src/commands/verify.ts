/** `whittle verify`: each target against onnxruntime-node, or against the interpreter where that is not installed. */

import {
  CompilerError,
  interpreterReference,
  type Reference,
  type Target,
  type Verification,
  type VerifyOptions,
  verify,
} from '@whittle/compiler';
import { exitCodes } from '../exit-codes.js';
import { formatTable } from '../format.js';
import { readFeeds } from '../input-feeds.js';
import { onnxruntimeReference } from '../onnxruntime-reference.js';
import { printable, printableJson } from '../printable.js';
import { startProgress } from '../progress.js';
import { readModel } from '../read-model.js';
import { reportError, schemaVersion } from '../report-error.js';
import { type Terminal, writeNote, writeResult } from '../terminal.js';
import { type Load, withLoader } from '../with-loader.js';
import { type ModelCommandOptions, modelOptions, printWarnings } from './model-options.js';

export interface VerifyCommandOptions extends ModelCommandOptions {
  readonly target?: readonly string[];
  readonly input?: Readonly<Record<string, string>>;
  readonly atol?: number;
  readonly rtol?: number;
  readonly reference?: 'auto' | 'onnxruntime' | 'interpreter';
}

export async function verifyCommand(
  terminal: Terminal,
  path: string,
  options: VerifyCommandOptions,
): Promise<number> {
  const feeds = readFeeds(options.input);
  const shape = { ...feeds.shapes, ...options.shape };
  const model = await readModel(path, terminal);
  const progress = await startProgress(terminal);
  const note = (text: string) => writeNote(terminal, text);
  const settings = modelOptions({ ...options, shape }, model, progress, note);
  const reference = await chooseReference(options.reference ?? 'auto', {
    interpreter: interpreterReference(settings),
    onFallback: (reason) => note(printable(`warning: ${reason}`, 1000)),
  });
  const bytes = model.take();
  const verifyTargets = (load: Load): Promise<Verification[]> =>
    verifyEach(options, bytes, load, { ...settings, reference, feed: feeds.feed });
  const verifications = await withLoader(verifyTargets).finally(progress.stop);
  printWarnings(verifications[0]?.warnings ?? [], terminal);
  printWarnings(tooSmallToTell(verifications), terminal);
  const agrees = verifications.every((verification) => verification.agrees);
  const text = options.json
    ? printableJson({ schemaVersion, command: 'verify', agrees, verifications })
    : verifications.map(describe).join('\n\n');
  await writeResult(terminal, `${text}\n`);
  return agrees ? exitCodes.ok : reportError(disagreement(verifications), terminal, false);
}

async function verifyEach(
  { target: names = ['js'], atol, rtol }: VerifyCommandOptions,
  bytes: Uint8Array,
  load: Load,
  settings: Omit<VerifyOptions, 'load'>,
): Promise<Verification[]> {
  const tolerance = {
    ...(atol !== undefined && { absolute: atol }),
    ...(rtol !== undefined && { relative: rtol }),
  };
  const verifications: Verification[] = [];
  for (const name of names) {
    verifications.push(
      await verify(bytes, {
        ...settings,
        // The library refuses a name that no target has.
        target: name as Target,
        load: (files) => load(files, name),
        tolerance,
      }),
    );
  }
  return verifications;
}

interface Fallback {
  readonly interpreter: Reference;
  readonly onFallback: (reason: string) => void;
}

async function chooseReference(
  wanted: 'auto' | 'onnxruntime' | 'interpreter',
  { interpreter, onFallback }: Fallback,
): Promise<Reference> {
  if (wanted === 'interpreter') return interpreter;
  const onnxruntime = await onnxruntimeReference();
  if (onnxruntime !== undefined) {
    return wanted === 'auto' ? eitherOf(onnxruntime, interpreter, onFallback) : onnxruntime;
  }
  if (wanted === 'auto') return interpreter;
  throw new CompilerError('E_INVALID_OPTION', 'onnxruntime-node is not installed.', {
    hint: 'Install it beside whittle, or leave --reference out.',
  });
}

/** The first, until there is a model that it cannot run; from then on the second. */
function eitherOf(
  first: Reference,
  second: Reference,
  onFallback: (reason: string) => void,
): Reference {
  let current = first;
  return {
    get name() {
      return current.name;
    },
    run: async (model, feeds) => {
      try {
        return await current.run(model, feeds);
      } catch (error) {
        if (current === second || !(error instanceof Error)) throw error;
        onFallback(`${error.message} The ${second.name} takes its place.`);
        current = second;
        return second.run(model, feeds);
      }
    },
  };
}

function describe({ target, reference, outputs }: Verification): string {
  const rows = outputs.map((output) => [
    printable(output.name, 60),
    output.problem === undefined ? output.maxAbsoluteError.toExponential(2) : '–',
    output.problem === undefined ? output.maxRelativeError.toExponential(2) : '–',
    output.agrees ? 'agrees' : printable(output.problem ?? 'differs'),
  ]);
  const head = ['output', 'largest error', 'by largest element', 'verdict'];
  const table = formatTable([head, ...rows], ['left', 'right', 'right', 'left']);
  return `${target} against ${printable(reference)}\n\n${table}`;
}

/** Outputs about which the comparison says little: what `atol` allows is as large as they are. */
function tooSmallToTell(verifications: readonly Verification[]): string[] {
  return verifications.flatMap(({ target, tolerance, outputs }) =>
    outputs
      .filter(({ agrees, maxRelativeError }) => agrees && maxRelativeError > tolerance.relative)
      .map(
        ({ name, maxRelativeError }) =>
          `${target}: ${JSON.stringify(name)} agrees only because atol is ` +
          `${tolerance.absolute}; by its largest element it is off by ` +
          `${maxRelativeError.toExponential(2)}. An --input of real data may say more.`,
      ),
  );
}

/** What went wrong first, as an error. */
function disagreement(verifications: readonly Verification[]): CompilerError {
  const failed = verifications.find(({ agrees }) => !agrees);
  const message = `The target ${failed?.target} does not agree with ${failed?.reference}`;
  const difference = failed?.difference;
  if (difference === undefined || !difference.found) {
    return new CompilerError(
      'E_VERIFY_FAILED',
      `${message}; ${difference?.reason ?? 'see above'}.`,
    );
  }
  const { op, node, value, comparison } = difference;
  const names = `${op} ${JSON.stringify(node)}, whose result is ${JSON.stringify(value)}`;
  const error = comparison.problem ?? `off by ${comparison.maxAbsoluteError.toExponential(2)}`;
  return new CompilerError(
    'E_VERIFY_FAILED',
    `${message}; the first node that differs is ${names}: ${error}.`,
    {
      where: { node, op, tensor: value },
    },
  );
}

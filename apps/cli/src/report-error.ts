/**
 * Whatever ends a command early, as one line with a hint and an exit code. A stack is shown only for
 * what is a bug of ours.
 */

import type { CompilerError, ErrorCode } from '@whittle/compiler';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { exitCodeOfError, exitCodes } from './exit-codes.js';
import { exitCodeOfGpuError, type GpuErrorCode, isGpuError } from './gpu-errors.js';
import { printable, printableJson, printableLines } from './printable.js';
import { isLively, type Terminal, writeNote, writeResult } from './terminal.js';

/** One JSON document goes to stdout, whatever happens. */
export const schemaVersion = 1;

interface Failure {
  readonly code: ErrorCode | GpuErrorCode;
  readonly exitCode: number;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly where?: CompilerError['where'];
  readonly stack?: string | undefined;
}

/** Long enough for a list of every unsupported op, short enough for a terminal. */
const longestMessage = 10_000;

/** Prints the error and returns the exit code. */
export async function reportError(
  error: unknown,
  terminal: Terminal,
  json: boolean,
): Promise<number> {
  const failure = failureOf(error);
  if (failure === undefined) return exitCodes.ok;
  const { code, exitCode, message, hint, where, stack } = failure;
  const { red, cyan } = pc.createColors(isLively(terminal.stderr, terminal));
  const text = printable(`${message}${placeOf(failure)}`, longestMessage);
  writeNote(terminal, `${red(`error[${code}]`)}: ${text}`);
  if (hint !== undefined)
    writeNote(terminal, `${cyan('hint')}: ${printable(hint, longestMessage)}`);
  if (stack !== undefined) writeNote(terminal, printableLines(stack));
  if (json) {
    const document = { schemaVersion, error: { code, message, hint, where } };
    await writeResult(terminal, `${printableJson(document)}\n`);
  }
  return exitCode;
}

/** Undefined where nothing failed: commander ends `--help` and `--version` by throwing, too. */
function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return undefined;
    const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
    const suggestion = more.join(' ').replace(/^\((.*)\)$/, '$1');
    const hint = suggestion === '' ? 'See whittle --help.' : suggestion;
    const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/[^.]$/, '$&.');
    return { code: 'E_INVALID_OPTION', exitCode: exitCodes.usage, message, hint };
  }
  if (isCompilerError(error)) {
    const { code, message, hint, where } = error;
    const exitCode = exitCodeOfError[code];
    const stack = exitCode === exitCodes.internal ? error.stack : undefined;
    return { code, exitCode, message, hint, where, stack };
  }
  if (isGpuError(error)) {
    const { code, message, hint } = error;
    return { code, exitCode: exitCodeOfGpuError[code], message, hint };
  }
  if (
    error instanceof RangeError &&
    /allocation failed|array (buffer )?length/i.test(error.message)
  ) {
    const message = 'There is not enough memory for this model.';
    return { code: 'E_LIMIT_SIZE', exitCode: exitCodes.limit, message };
  }
  return {
    code: 'E_INTERNAL',
    exitCode: exitCodes.internal,
    message: error instanceof Error ? error.message : String(error),
    hint: 'This is a bug of Whittle; please report it, with the model if you can.',
    stack: error instanceof Error ? error.stack : undefined,
  };
}

/** The names of the place, as far as the message does not say them itself. */
function placeOf({ message, where = {} }: Failure): string {
  const parts = (['node', 'tensor'] as const).flatMap((kind) => {
    const name = where[kind];
    return name && !message.includes(name) ? [`${kind} ${JSON.stringify(name)}`] : [];
  });
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** By name and code, so that printing a usage error does not load the compiler. */
function isCompilerError(error: unknown): error is CompilerError {
  return (
    error instanceof Error &&
    error.name === 'CompilerError' &&
    'code' in error &&
    typeof error.code === 'string' &&
    Object.hasOwn(exitCodeOfError, error.code)
  );
}

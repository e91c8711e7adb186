/** The process as commands see it, so that tests can stand in for it. */

import type { Readable, Writable } from 'node:stream';
import { terminalColumns } from './format.js';

export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Writes a result, bytes or text that is printable already; resolves once it is on its way. */
export function writeResult({ stdout }: Terminal, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout.write(content, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes a line beside the result. The text is printable already. */
export function writeNote({ stderr }: Terminal, line: string): void {
  stderr.write(`${line}\n`);
}

/** The columns that a result may take: what goes to a file or to another program is never cut. */
export function columnsOf({ stdout }: Terminal): number {
  if (stdout.isTTY !== true) return Number.POSITIVE_INFINITY;
  return Math.max(terminalColumns, stdout.columns ?? 0);
}

/** Whether a stream takes colors and movement: a terminal, and nobody said no. See no-color.org. */
export function isLively(stream: { readonly isTTY?: boolean }, { env }: Terminal): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

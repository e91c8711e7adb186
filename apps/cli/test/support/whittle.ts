/** Runs the command in this process, on streams of its own; with `columns`, stdout is a terminal. */

import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../src/run-cli.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
}

export async function whittle(
  args: readonly string[],
  stdin: Uint8Array = new Uint8Array(),
  columns?: number,
): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [collect(stdout), collect(stderr)];
  if (columns !== undefined) Object.assign(stdout, { isTTY: true, columns });
  const terminal = { stdin: Readable.from([stdin]), stdout, stderr, env: {} };
  const code = await runCli(args, terminal);
  stdout.end();
  stderr.end();
  const bytes = await out;
  return { code, bytes, stdout: bytes.toString(), stderr: (await err).toString() };
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

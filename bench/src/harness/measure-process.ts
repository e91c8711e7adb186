/** What a Node program costs as a process of its own. */

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface ProcessUsage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** The most memory that was resident at once. */
  readonly peakMiB: number;
}

export interface ProcessCost extends ProcessUsage {
  readonly wallSeconds: number;
}

/**
 * Runs the program to its end. The preload that reports its usage is part of the cost: milliseconds.
 * @throws {Error} where the program does not exit with 0, with what it wrote to stderr.
 */
export async function measureProcess(
  script: string,
  args: readonly string[],
): Promise<ProcessCost> {
  const preload = new URL('report-usage.js', import.meta.url).href;
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', preload, script, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const [, , stderr, channel] = child.stdio;
  const [code, problem, usage] = await Promise.all([exited, textOf(stderr), textOf(channel)]);
  const wallSeconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${code}:\n${problem}`);
  return { ...parseUsage(usage), wallSeconds };
}

function textOf(stream: unknown): Promise<string> {
  if (!isReadable(stream)) throw new Error('The process was started without its pipes.');
  return text(stream);
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && Symbol.asyncIterator in stream;
}

function parseUsage(json: string): ProcessUsage {
  const usage: unknown = JSON.parse(json);
  if (
    typeof usage === 'object' &&
    usage !== null &&
    'cpuSeconds' in usage &&
    'peakMiB' in usage &&
    typeof usage.cpuSeconds === 'number' &&
    typeof usage.peakMiB === 'number'
  ) {
    return { cpuSeconds: usage.cpuSeconds, peakMiB: usage.peakMiB };
  }
  throw new Error(`The measured process reported ${json}.`);
}

/** Where and with what a result was measured, without which numbers mean nothing. */

import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

export interface Environment {
  /** ISO 8601, UTC. */
  readonly date: string;
  /** The commit of the checkout; `-dirty` where tracked files differ from it. */
  readonly commit: string;
  readonly node: string;
  readonly v8: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Processes that wanted to run during the last minute; a quiet machine has about 1. */
  readonly load: number;
}

export function describeEnvironment(): Environment {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    commit: commitOf(new URL('.', import.meta.url)),
    node: process.versions.node,
    v8: process.versions.v8,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

function commitOf(folder: URL): string {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio }).trim();
  try {
    const changes = git('status', '--porcelain', '--untracked-files=no', ':/');
    return git('rev-parse', 'HEAD') + (changes === '' ? '' : '-dirty');
  } catch {
    return 'unknown';
  }
}

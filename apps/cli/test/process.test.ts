/**
 * What only a process of its own shows: signals, pipes, time, and that nothing around it matters. It runs
 * what `npm run build` has built.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { beforeAll, describe, expect, it } from 'vitest';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

beforeAll(() => {
  if (!existsSync(main)) throw new Error('The command is not built: npm run build.');
});

interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function start(args: readonly string[], { cwd, env = {} }: Options = {}): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...process.env, ...env } });
  child.stdin.on('error', () => {});
  return child;
}

async function end(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr };
}

describe('the process', () => {
  it('writes the same bytes wherever and whenever it runs', async () => {
    const { write, path } = scratch();
    const model = write('model.onnx', models.small());
    mkdirSync(path('elsewhere'));
    const surroundings: Options[] = [
      { cwd: path('.') },
      { cwd: path('elsewhere'), env: { LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kolkata', LANG: 'tr' } },
    ];
    const hashes = surroundings.map(async (options, i) => {
      const child = start(
        ['compile', i === 0 ? 'model.onnx' : model, '-o', path(`out${i}`)],
        options,
      );
      expect(await end(child)).toEqual({ code: 0, stderr: '' });
      return readdirSync(path(`out${i}`)).map((name) => {
        const bytes = readFileSync(join(path(`out${i}`), name));
        return [name, createHash('sha256').update(bytes).digest('hex')];
      });
    });
    const [first, second] = await Promise.all(hashes);
    expect(first).toHaveLength(3);
    expect(second).toEqual(first);
  });

  it('ends with 130 when it is interrupted', async () => {
    const { path } = scratch();
    const child = start(['compile', '-', '-o', path('out')]);
    const ended = end(child);
    // More than a pipe holds, so that it has begun to read by then.
    await new Promise((resolve) => child.stdin?.write(new Uint8Array(1 << 20), resolve));
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, stderr: '' });
    expect(existsSync(path('out'))).toBe(false);
  });

  it('takes no offence when nobody reads on', async () => {
    const child = start(['passes', '--json']);
    child.stdout?.destroy();
    expect(await end(child)).toEqual({ code: 0, stderr: '' });
  });

  it('is quiet and plain where stderr is no terminal', async () => {
    const { write, path } = scratch();
    const model = write('model.onnx', models.unsupported());
    const { stderr } = await end(start(['compile', model, '-o', path('out')]));
    expect(stderr).toMatch(/^error\[E_UNSUPPORTED_OP\]/);
    expect(stderr).not.toContain('\u001b');
  });

  it('compiles a model of 14 MB in less than 112 MB', async () => {
    const { write, path } = scratch();
    const model = write('model.onnx', exportOnnx(findModel('mobilenet-v2').build()));
    const say = "process.on('exit', () => console.error(process.resourceUsage().maxRSS))";
    const child = spawn(process.execPath, [
      ...['--import', `data:text/javascript,${encodeURIComponent(say)}`],
      ...[main, 'compile', model, '-o', path('out')],
    ]);
    const { code, stderr } = await end(child);
    expect(code).toBe(0);
    expect(Number(stderr) / 1024).toBeGreaterThan(10);
    expect(Number(stderr) / 1024).toBeLessThan(112);
  });

  it('shows its help without loading the compiler', async () => {
    const { path } = scratch();
    const child = start(['--help'], { env: { NODE_V8_COVERAGE: path('loaded') } });
    expect(await end(child)).toEqual({ code: 0, stderr: '' });
    const [file = ''] = readdirSync(path('loaded'));
    const { result } = JSON.parse(readFileSync(path(`loaded/${file}`), 'utf8'));
    const loaded: string[] = result.map(({ url }: { url: string }) => url);
    expect(loaded.some((url) => url.includes('/commander/'))).toBe(true);
    expect(loaded.filter((url) => url.includes('/packages/'))).toEqual([]);
    expect(loaded.filter((url) => url.includes('/commands/'))).toEqual([]);
  });
});

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

/** Compiles bytes into a folder that must not come into being. */
async function compileBytes(bytes: Uint8Array, ...options: string[]) {
  const { write, path } = scratch();
  const model = write('model.onnx', bytes);
  const ended = await whittle(['compile', model, '-o', path('out'), ...options]);
  expect(existsSync(path('out'))).toBe(false);
  return ended;
}

describe('a model that does not compile', () => {
  it('has all its unsupported ops listed at once, with their nodes', async () => {
    const { code, stdout, stderr } = await compileBytes(models.unsupported());
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    const [error, ...more] = stderr.split('\n');
    expect(error).toMatch(/^error\[E_UNSUPPORTED_OP\]: /);
    for (const name of ['Mystery', 'Riddle', '"enigma"', '"enigma again"', '"puzzle"']) {
      expect(error).toContain(name);
    }
    expect(more).toEqual([expect.stringMatching(/^hint: /), '']);
  });

  it('says which dims want a number', async () => {
    const { code, stderr } = await compileBytes(models.batched());
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error\[E_UNBOUND_DIM\]: .*batch.*\nhint: .*--shape.*--dim.*\n$/);
  });

  const small = models.small();
  it.each([
    ['empty', new Uint8Array(0)],
    ['text', Buffer.from('not a model')],
    ['zeros', new Uint8Array(1000)],
    ['cut short', small.subarray(0, small.length / 2)],
    ['cut by a byte', small.subarray(0, -1)],
    ['another format', Buffer.from('PK\u0003\u0004 and so on')],
  ])('is told in one line to be no model: %s', async (_, bytes) => {
    const { code, stdout, stderr } = await compileBytes(bytes);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error\[E_INVALID_MODEL\]: This is no valid ONNX model\. .+\n$/);
  });

  it('gives one JSON document on demand', async () => {
    const { code, stdout } = await compileBytes(models.unsupported(), '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      error: { code: 'E_UNSUPPORTED_OP', where: { node: 'enigma' } },
    });
  });

  it('is not found, or no file', async () => {
    const { path, folder } = scratch();
    for (const model of [path('nowhere.onnx'), folder]) {
      const { code, stderr } = await whittle(['compile', model, '-o', path('out')]);
      expect(code).toBe(6);
      expect(stderr).toMatch(/^error\[E_IO\]: Cannot read .+\n$/);
    }
    expect(existsSync(path('out'))).toBe(false);
  });
});

describe('a command line that means nothing', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['no model', ['compile']],
    ['two models', ['compile', 'a', 'b']],
    ['an unknown option', ['compile', 'a', '--frobnicate']],
    ['a level that is none', ['compile', 'a', '-O', '7']],
    ['a shape without dims', ['compile', 'a', '--shape', 'x']],
    ['a shape of words', ['compile', 'a', '--shape', 'x:1,two']],
    ['a dim without a number', ['compile', 'a', '--dim', 'n=many']],
    ['a module and a report on stdout', ['compile', 'a', '-o', '-', '--inline', '--json']],
    ['two files on stdout', ['compile', 'a', '-o', '-']],
    ['an optimised model for nobody', ['optimize', 'a']],
    ['an optimised model and a report on stdout', ['optimize', 'a', '-o', '-', '--json']],
    ['an input from nowhere', ['run', 'a', '--input', 'x=']],
  ])('is refused: %s', async (_, args) => {
    const { code, stdout, stderr } = await whittle(args);
    expect(code).toBe(2);
    expect(stdout).not.toMatch(/Usage/);
    expect(stderr).toMatch(/^error\[E_INVALID_OPTION\]: .+\nhint: .+\n$/);
  });

  it.each([
    ['--target', 'cuda'],
    ['--precision', 'f16'],
    ['--print-after', 'fold-everything'],
    ['--name', '../out'],
    ['--shape', 'picture:1'],
    ['--dim', 'n=1'],
    ['-O0', '--print-after=fold-pad'],
  ])('is refused once the model is known: %s %s', async (...options) => {
    const { code, stderr } = await compileBytes(models.small(), ...options);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error\[E_INVALID_OPTION\]: .+\nhint: .+\n$/);
  });

  it('shows the help where there is no command', async () => {
    const { code, stdout, stderr } = await whittle([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: whittle/);
  });

  it('does not take help and version for errors', async () => {
    expect(await whittle(['--help'])).toMatchObject({ code: 0, stderr: '' });
    expect(await whittle(['compile', '--help'])).toMatchObject({ code: 0, stderr: '' });
    expect((await whittle(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

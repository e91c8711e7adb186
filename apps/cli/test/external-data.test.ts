import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

const { onnx } = onnxProto;

/** `y = x + w`, where `w` is four floats in another file. */
function modelWithDataAt(location: string): Uint8Array {
  const type = { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 4 }] } } };
  return onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'external',
      input: [{ name: 'x', type }],
      output: [{ name: 'y', type }],
      initializer: [
        {
          name: 'w',
          dims: [4],
          dataType: 1,
          dataLocation: 1,
          externalData: [{ key: 'location', value: location }],
        },
      ],
      node: [{ opType: 'Add', input: ['x', 'w'], output: ['y'] }],
    },
  }).finish();
}

const weights = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);

/** A model in a folder of its own, with a file of weights inside and one outside. */
function place(location: string) {
  const { path, write } = scratch();
  mkdirSync(path('m/below'), { recursive: true });
  mkdirSync(path('m-evil'));
  write('secret.bin', weights);
  write('m-evil/secret.bin', weights);
  write('m/below/w.bin', weights);
  write('m/model.onnx', modelWithDataAt(location));
  return { path, compile: () => whittle(['compile', path('m/model.onnx'), '-o', path('out')]) };
}

describe('weights in another file', () => {
  it.each(['below/w.bin', './below/w.bin'])(
    'are read from below the model: %s',
    async (location) => {
      const { path, compile } = place(location);
      expect(await compile()).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(path('out/model.weights.bin')).subarray(0, 16)).toEqual(weights);
    },
  );

  it.each([
    '../secret.bin',
    'below/../../secret.bin',
    '../m-evil/secret.bin',
    '/etc/passwd',
    'C:\\secret.bin',
    'below\\w.bin',
    'nowhere.bin',
    'below',
    '.',
    '',
    'w\0.bin',
  ])('are refused elsewhere: %j', async (location) => {
    const { code, stderr } = await place(location).compile();
    expect(code).toBe(6);
    expect(stderr).toMatch(/^error\[E_(EXTERNAL_DATA|IO)\]: .+\n(hint: .+\n)?$/);
  });

  it.each([
    ['a link to a file outside', (m: string) => symlinkSync('../secret.bin', `${m}/w.bin`)],
    ['a link to a folder outside', (m: string) => symlinkSync('../m-evil', `${m}/w.bin`)],
    ['a link in a circle', (m: string) => symlinkSync('w.bin', `${m}/w.bin`)],
    ['a second name of a file', (m: string) => linkSync(`${m}/../secret.bin`, `${m}/w.bin`)],
    ['a device', (m: string) => symlinkSync('/dev/zero', `${m}/w.bin`)],
    ['a pipe', (m: string) => execFileSync('mkfifo', [`${m}/w.bin`])],
  ])('are refused behind %s', async (_, make) => {
    const { path, compile } = place('w.bin');
    make(path('m'));
    const { code, stderr } = await compile();
    expect(code).toBe(6);
    expect(stderr).toMatch(/^error\[E_(EXTERNAL_DATA|IO)\]: .+\n(hint: .+\n)?$/);
  });

  it('may lie behind a link that stays below the model', async () => {
    const { path, compile } = place('w.bin');
    symlinkSync('below/w.bin', path('m/w.bin'));
    expect(await compile()).toMatchObject({ code: 0 });
  });

  it('are never read for a model from stdin', async () => {
    const { path } = scratch();
    writeFileSync(path('w.bin'), weights);
    const args = ['compile', '-', '-o', path('out')];
    const { code, stderr } = await whittle(args, modelWithDataAt('w.bin'));
    expect(code).toBe(6);
    expect(stderr).toMatch(/^error\[E_EXTERNAL_DATA\]/);
  });

  it('are never overwritten', async () => {
    const { path } = place('model.weights.bin');
    writeFileSync(path('m/model.weights.bin'), weights);
    const { code, stderr } = await whittle(['compile', path('m/model.onnx'), '-o', path('m')]);
    expect(code).toBe(2);
    expect(stderr).toContain('would be overwritten');
    expect(readFileSync(path('m/model.weights.bin'))).toEqual(weights);
  });
});

import { readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from '../src/npy.js';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

const image = (batch: number) => ({
  dtype: 'float32' as const,
  dims: [batch, 3, 8, 8],
  data: Float32Array.from({ length: batch * 192 }, (_, i) => Math.sin(i)),
});

describe('whittle run', () => {
  it('reads and writes arrays, and takes the shape from them', async () => {
    const { write, path } = scratch();
    const model = write('model.onnx', models.batched());
    const input = write('image.npy', encodeNpy(image(2)));
    const args = ['run', model, '--input', `image=${input}`, '--output', path('out'), '--json'];
    const { code, stdout } = await whittle(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      outputs: [{ name: 'scores', dtype: 'float32', dims: [2, 4, 1, 1], file: 'scores.npy' }],
    });
    const scores = decodeNpy(readFileSync(path('out/scores.npy')), 'out/scores.npy');
    expect(scores.dims).toEqual([2, 4, 1, 1]);
    const sums = [0, 4].map((at) => Array.from(scores.data, Number).slice(at, at + 4));
    for (const row of sums) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });

  it('reads tensors as the ONNX test cases store them', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    const { dims, data } = image(1);
    const tensor = { dims: [...dims], dataType: 1, rawData: new Uint8Array(data.buffer) };
    const pb = write('image.pb', onnxProto.onnx.TensorProto.encode(tensor).finish());
    const npy = write('image.npy', encodeNpy(image(1)));
    const outputs = [pb, npy].map(async (file) => {
      const { stdout } = await whittle(['run', model, '--json', '--input', `image=${file}`]);
      return JSON.parse(stdout).outputs;
    });
    const [first, second] = await Promise.all(outputs);
    expect(first).toEqual(second);
  });

  it.each(['js', 'wasm'])(
    'makes up what it is not given, the same each time: %s',
    async (target) => {
      const { write } = scratch();
      const model = write('model.onnx', models.small());
      const args = ['run', model, '--json', '--target', target];
      const runs = [await whittle(args), await whittle([...args, '--input', 'image=random'])];
      const [first, second] = runs.map(({ stdout }) => JSON.parse(stdout).outputs);
      expect(first).toEqual(second);
      expect(first[0].elements).toBe(4);
    },
  );

  it.each([
    ['of another shape', () => encodeNpy({ ...image(1), dims: [1, 3, 4, 16] })],
    [
      'of another type',
      () => encodeNpy({ dtype: 'int8', dims: [1, 3, 8, 8], data: new Int8Array(192) }),
    ],
    ['that is no array', () => Buffer.from('\x93NUMPY and then nothing')],
  ])('refuses an input %s', async (_, array) => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    const input = write('image.npy', array());
    const { code, stderr } = await whittle(['run', model, '--input', `image=${input}`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error\[E_INVALID_OPTION\]: .*image/);
  });

  it('refuses an input that the model has not', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    const { code, stderr } = await whittle(['run', model, '--input', 'picture=random']);
    expect(code).toBe(2);
    expect(stderr).toContain('"picture"');
  });
});

describe('whittle verify', () => {
  it('agrees with onnxruntime and with the interpreter', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    for (const reference of ['onnxruntime', 'interpreter']) {
      const { code, stdout, stderr } = await whittle([
        'verify',
        model,
        '--reference',
        reference,
        '--json',
        ...['--target', 'js', '--target', 'wasm'],
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const document = JSON.parse(stdout);
      expect(document).toMatchObject({ schemaVersion: 1, agrees: true });
      expect(document.verifications).toMatchObject([{ target: 'js' }, { target: 'wasm' }]);
      for (const { reference: name, outputs } of document.verifications) {
        expect(name).toContain(reference);
        expect(outputs[0].maxAbsoluteError).toBeLessThan(1e-6);
      }
    }
  });

  it('warns of outputs that are small beside the error allowed', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    const options = ['--atol', '1', '--rtol', '0'];
    const { code, stderr } = await whittle(['verify', model, ...options]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warning: js: "scores" agrees only because atol is 1;/),
    });
  });

  it('goes on with the interpreter where onnxruntime cannot run the model', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.fromTheFuture());
    const { code, stdout, stderr } = await whittle(['verify', model]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warning: onnxruntime/),
    });
    expect(stdout).toContain('against interpreter');
    const strict = await whittle(['verify', model, '--reference', 'onnxruntime']);
    expect(strict.code).toBe(5);
  });

  it('exits with 5 and names the first node that differs', async () => {
    const { write } = scratch();
    const model = write('model.onnx', models.small());
    // No two engines round alike: without a tolerance the convolution differs.
    const args = ['verify', model, '--reference', 'onnxruntime', '--atol', '0', '--rtol', '0'];
    const { code, stdout, stderr } = await whittle(args);
    expect(code).toBe(5);
    expect(stdout).toMatch(/scores +\S+e-\d+ +\S+e-\d+ +differs/);
    expect(stderr).toMatch(
      /^error\[E_VERIFY_FAILED\]: .*first node that differs is Conv "stem".*\n$/,
    );
  });
});

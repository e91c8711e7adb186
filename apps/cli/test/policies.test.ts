/** `--fuse` and `--split-group-conv` change how a model is computed, and not what. */

import { readFileSync } from 'node:fs';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { describe, expect, it } from 'vitest';
import { relativeError } from '../../../packages/compiler/test/support/onnxruntime.js';
import { decodeNpy } from '../src/npy.js';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

const policies = ['auto', 'all', 'none'] as const;
const choices = policies.flatMap((fuse) => policies.map((split) => ({ fuse, split })));

/** Whether every output agrees with onnxruntime's. */
async function verify(bytes: Uint8Array, options: readonly string[]): Promise<void> {
  const model = scratch().write('model.onnx', bytes);
  const args = ['verify', model, '--json', '--reference', 'onnxruntime', ...options];
  const { code, stdout, stderr } = await whittle(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    agrees: true,
    verifications: [{ outputs: [{ agrees: true }] }],
  });
}

it.each(policies)('MobileNetV2 agrees with onnxruntime by --fuse=%s', async (fuse) => {
  const model = findModel('mobilenet-v2').build({ size: 32, classes: 10 });
  await verify(exportOnnx(model), [`--fuse=${fuse}`]);
});

describe.each(choices)('--fuse=$fuse --split-group-conv=$split', ({ fuse, split }) => {
  const options = [`--fuse=${fuse}`, `--split-group-conv=${split}`];

  it('agrees with onnxruntime', () => verify(models.family(), options));

  it('is obeyed where it orders', async () => {
    const model = scratch().write('model.onnx', models.family());
    const { stdout } = await whittle(['inspect', model, '--json', ...options]);
    const { ops } = JSON.parse(stdout).after;
    if (fuse !== 'auto') expect(Object.hasOwn(ops, 'SeparableConv')).toBe(fuse === 'all');
    if (split !== 'auto') expect(Object.hasOwn(ops, 'Split')).toBe(split === 'all');
  });
});

it('every policy gives the same results, up to rounding', async () => {
  const { write, path } = scratch();
  const model = write('model.onnx', models.family());
  const results = [];
  for (const { fuse, split } of choices) {
    const out = path(`${fuse}-${split}`);
    const options = [`--fuse=${fuse}`, `--split-group-conv=${split}`, '--output', out];
    expect((await whittle(['run', model, ...options])).code).toBe(0);
    results.push(decodeNpy(readFileSync(`${out}/features.npy`), 'features.npy').data);
  }
  const [first, ...others] = results;
  expect(first).toHaveLength(648);
  for (const other of others) {
    expect(relativeError(other as Float32Array, first as Float32Array)).toBeLessThan(1e-6);
  }
});

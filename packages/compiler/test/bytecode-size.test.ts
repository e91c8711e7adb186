/**
 * V8 never optimises a function of more than 60 KB of bytecode, so no kernel may come near: unrolling
 * is capped. The depthwise kernels of MobileNetV2 and a 7 by 7 one, which unroll the most, are checked.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphBuilder, seededTensor } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { expect, it } from 'vitest';
import { compile } from '../src/index.js';

const limit = 60 * 1024;

it.each([
  ['MobileNetV2', () => findModel('mobilenet-v2').build({ size: 96, classes: 10 })],
  ['a depthwise convolution of 7 by 7', largeDepthwise],
])('keeps the kernels of %s small enough to be optimised', async (_, build) => {
  const { files } = await compile(exportOnnx(build()), { inline: true });
  const sizes = bytecodeSizes(files.get('model.js') ?? new Uint8Array());
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThan(limit);
});

function largeDepthwise(): ReturnType<GraphBuilder['build']> {
  const builder = new GraphBuilder('depthwise');
  const x = builder.input('input', 'float32', [1, 8, 19, 19]);
  const w = builder.constant(seededTensor('float32', [8, 1, 7, 7], 1));
  builder.output('output', builder.op('Conv', [x, w], { group: 8, pads: [3, 3, 3, 3] }));
  return builder.build();
}

/** The bytecode lengths of the functions named conv…, from one run in a Node that prints them. */
function bytecodeSizes(code: Uint8Array): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-'));
  try {
    writeFileSync(join(folder, 'model.mjs'), code);
    const run = `
      import { inputs, load } from './model.mjs';
      const [{ name, dims }] = inputs;
      (await load()).run({ [name]: new Float32Array(dims.reduce((a, b) => a * b, 1)) });`;
    writeFileSync(join(folder, 'run.mjs'), run);
    const flags = ['--print-bytecode', '--print-bytecode-filter=conv*'];
    const output = execFileSync(process.execPath, [...flags, join(folder, 'run.mjs')], {
      encoding: 'utf8',
      maxBuffer: 2 ** 29,
    });
    return [...output.matchAll(/Bytecode length: (\d+)/g)].map((match) => Number(match[1]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

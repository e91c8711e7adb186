/** Whole models as an engine with relaxed SIMD runs them: sums of products fused, results the same to rounding. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { count, fusedForm, relaxedFlags, textsOf } from '../../codegen-wasm/test/fused-form.js';
import { compile } from '../src/index.js';

/** Prints the outputs of the module as it is and of the one that `load` makes by itself. */
const script = `
  import { readFile } from 'node:fs/promises';
  const { load, inputs } = await import(process.argv[1]);
  const wasm = await WebAssembly.compile(await readFile(new URL('model.wasm', process.argv[1])));
  const [{ name, dims }] = inputs;
  const length = dims.reduce((product, dim) => product * dim, 1);
  const feed = Float32Array.from({ length }, (_, i) => Math.sin(i / 37));
  const outputs = [];
  for (const model of [await load({ wasm }), await load(), await load()]) {
    const { output } = model.run({ [name]: feed });
    outputs.push(Array.from(output.data));
  }
  console.log(JSON.stringify(outputs));
`;

describe.each(['mobilenet-v2', 'resnet-18'])('%s', (name) => {
  let files: Map<string, Uint8Array>;
  let directory = '';

  beforeAll(async () => {
    ({ files } = await compile(exportOnnx(findModel(name).build()), { target: 'wasm' }));
    directory = await mkdtemp(join(tmpdir(), 'whittle-'));
    for (const [file, bytes] of files) await writeFile(join(directory, file), bytes);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('has its sums fused, and nothing else changed', async () => {
    const wasm = files.get('model.wasm') ?? expect.fail('no .wasm');
    const { plain, fused, restored } = textsOf(wasm, await fusedForm(files));
    expect(count(fused, 'f32x4.relaxed_madd')).toBeGreaterThan(1000);
    expect(restored === plain).toBe(true);
  });

  it('gives the same results to rounding, and the same bits each time', async () => {
    const module = pathToFileURL(join(directory, 'model.js')).href;
    const args = [...relaxedFlags, '--input-type=module', '--eval', script, module];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const [plain, fused, again] = JSON.parse(stdout) as [number[], number[], number[]];
    expect(fused).not.toEqual(plain);
    expect(again).toEqual(fused);
    expect(largestDifference(fused, plain)).toBeLessThan(1e-5 * Math.max(...plain.map(Math.abs)));
  });
});

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}

import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { describe, expect, it } from 'vitest';
import { readOcrModel } from '../../../packages/compiler/test/support/ocr-models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

interface Explained {
  readonly convolutions: readonly {
    readonly kind: string;
    readonly name: string;
    readonly macs: number;
  }[];
  readonly decisions: readonly {
    readonly candidate: string;
    readonly choice: string;
    readonly reason: string;
    readonly nodes: readonly { readonly name: string }[];
    readonly numbers: readonly { readonly name: string; readonly value: number }[];
  }[];
}

/** The text and the JSON document of one model. */
async function explain(bytes: Uint8Array, ...options: string[]) {
  const model = scratch().write('model.onnx', bytes);
  const text = await whittle(['inspect', model, '--explain', ...options]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  const json = await whittle(['inspect', model, '--explain', '--json', ...options]);
  const document: Explained = JSON.parse(json.stdout);
  return { lines: text.stdout.split('\n'), ...document };
}

const zooFile = (id: string) => exportOnnx(findModel(id).build());

describe('whittle inspect --explain', () => {
  // Multiply-adds as published for the whole model, less those of the dense layer at its end.
  it.each([
    { id: 'mobilenet-v1', pairs: 13, macs: 568_740_352 - 1024 * 1000 },
    { id: 'mobilenet-v2', pairs: 17, macs: 300_774_272 - 1280 * 1000 },
  ])('lists every convolution and every pair of $id', async ({ id, pairs, macs }) => {
    const { lines, convolutions, decisions } = await explain(zooFile(id));
    expect(convolutions.reduce((sum, convolution) => sum + convolution.macs, 0)).toBe(macs);
    expect(lines).toContainEqual(expect.stringMatching(`^depthwise +${pairs} `));
    expect(lines).toContainEqual(expect.stringMatching(`^${decisions.length} candidates: `));
    for (const { kind, name } of convolutions) {
      const listed = lines.filter((line) => line.endsWith(name.slice(-10)) && /×.+ → /.test(line));
      expect([name, listed.length > 0]).toEqual([name, kind !== 'regular']);
    }
    const ends = decisions.map(({ candidate }) => candidate.split(' → ').at(-1));
    expect(ends.filter((end) => end === 'pointwise' || end === 'project')).toHaveLength(pairs);
    for (const { nodes, numbers } of decisions) {
      expect(lines.map((line) => line.trim())).toContain(nodes.map(({ name }) => name).join(' → '));
      expect(numbers.length).toBeGreaterThan(0);
    }
  });

  it('gives the grounds of each verdict', async () => {
    const options = ['--shape', 'x:1,3,48,192'];
    const { lines, decisions } = await explain(readOcrModel('direction'), ...options);
    const text = lines.map((line) => line.trim()).join(' ');
    for (const { reason } of decisions) expect(text).toContain(reason);
    for (const choice of new Set(decisions.map((decision) => decision.choice))) {
      const count = decisions.filter((decision) => decision.choice === choice).length;
      expect(text).toContain(`${choice} ${count}`);
    }
  });

  const shape = ['--shape', 'x:1,3,48,192'];
  it.each([
    ['the zoo', () => zooFile('mobilenet-v2'), []],
    ['PP-OCR', () => readOcrModel('direction'), shape],
    ['PP-OCR, all fused', () => readOcrModel('direction'), [...shape, '--fuse=all']],
    ['PP-OCR, nothing fused', () => readOcrModel('direction'), [...shape, '--fuse=none']],
  ])('fits into 100 columns: %s', async (_, model, options) => {
    const { lines } = await explain(model(), ...options);
    // What comes before is the same as without the option.
    const from = lines.findIndex((line) => line.startsWith('kind '));
    expect(lines.slice(from).filter((line) => line.length > 100)).toEqual([]);
  });

  it('says what depends on dims without numbers', async () => {
    const { lines, decisions } = await explain(readOcrModel('direction'));
    expect(lines).toContainEqual(expect.stringMatching(/^depthwise +11 +\? +\?$/));
    expect(decisions.some(({ reason }) => /dims/.test(reason))).toBe(true);
  });
});

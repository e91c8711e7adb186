import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { describe, expect, it } from 'vitest';
import { readOcrModel } from '../../../packages/compiler/test/support/ocr-models.js';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

interface Explained {
  readonly convolutions: readonly {
    readonly kind: string;
    readonly name: string;
    readonly input: { readonly dims: readonly number[] };
    readonly output: { readonly dims: readonly number[]; readonly name: string };
    readonly macs: number;
  }[];
  readonly decisions: readonly {
    readonly candidate: string;
    readonly choice: string;
    readonly reason: string;
    readonly nodes: readonly { readonly name: string; readonly kind: string }[];
    readonly ways: readonly { readonly name: string; readonly isChosen: boolean }[];
  }[];
}

/** The text, as a file gets it, and the JSON document of one model. */
async function explain(bytes: Uint8Array, ...options: string[]) {
  const model = scratch().write('model.onnx', bytes);
  const text = await whittle(['inspect', model, '--explain', ...options]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  const json = await whittle(['inspect', model, '--explain', '--json', ...options]);
  const document: Explained = JSON.parse(json.stdout);
  return { lines: text.stdout.trimEnd().split('\n'), ...document };
}

const zooFile = (id: string) => exportOnnx(findModel(id).build());

/** The rows below a head that begins with a word, up to the next empty line. */
function rowsBelow(head: string, lines: readonly string[]): readonly string[] {
  const from =
    lines.findIndex((line) => new RegExp(`^${head} .*(node|reason|of all)`).test(line)) + 1;
  if (from === 0) return [];
  const to = lines.indexOf('', from);
  return lines.slice(from, to < 0 ? undefined : to);
}

/** The decisions about depthwise convolutions, in the order of these. */
function byFilter({ convolutions, decisions }: Explained): Explained['decisions'] {
  return convolutions
    .filter(({ kind }) => kind === 'depthwise')
    .flatMap(({ name }) =>
      decisions.filter(({ nodes }) => nodes.some((node) => node.name === name)),
    );
}

const sizesOf = ({ dims }: { readonly dims: readonly number[] }) => dims.slice(1).join('×');

describe('whittle inspect --explain', () => {
  // Multiply-adds as published for the whole model, less those of the dense layer at its end.
  it.each([
    { id: 'mobilenet-v1', pairs: 13, all: 568_740_352, dense: 1024 * 1000 },
    { id: 'mobilenet-v2', pairs: 17, all: 300_774_272, dense: 1280 * 1000 },
  ])('lists every convolution and every pair of $id', async ({ id, pairs, all, dense }) => {
    const { lines, convolutions, decisions } = await explain(zooFile(id));
    expect(convolutions.reduce((sum, { macs }) => sum + macs, 0)).toBe(all - dense);
    expect(lines).toContainEqual(expect.stringMatching(`^depthwise +${pairs} `));
    for (const kind of ['depthwise', 'pointwise', 'grouped']) {
      const some = convolutions.filter((convolution) => convolution.kind === kind);
      expect(rowsBelow(kind, lines).map((row) => row.split(/ {2,}/))).toEqual(
        some.map(({ input, output, name }) => [
          `${sizesOf(input)} → ${sizesOf(output)}`,
          expect.stringMatching(/^\d×\d/),
          ...Array(4).fill(expect.stringMatching(/^\d/)),
          name,
        ]),
      );
    }
    const ends = decisions.map(({ nodes }) => nodes.at(-1)?.kind);
    expect(ends.filter((kind) => kind === 'pointwise')).toHaveLength(pairs);
    const rows = rowsBelow('verdict', lines).map((row) => row.split(/ {2,}/));
    expect(rows).toEqual(
      byFilter({ convolutions, decisions }).map(({ choice, nodes, reason }) => [
        choice,
        nodes.map(({ name }) => name).join(' → '),
        expect.stringMatching(/B$/),
        expect.stringMatching(/s$/),
        reason,
      ]),
    );
  });

  it('gives shares that add up, that of other ops with them', async () => {
    const { lines } = await explain(zooFile('mobilenet-v2'));
    const rows = rowsBelow('kind', lines);
    expect(rows.at(-1)).toMatch(/^other \(Gemm\) +1,280,000 +0\.4 %$/);
    const shares = rows.map((row) => Number(/([\d.]+) %$/.exec(row)?.[1]));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
  });

  it('gives the grounds of each verdict, those about one filter together', async () => {
    const options = ['--shape', 'x:1,3,48,192'];
    const { lines, decisions, convolutions } = await explain(readOcrModel('direction'), ...options);
    const rows = rowsBelow('verdict', lines);
    const ordered = byFilter({ convolutions, decisions });
    expect(ordered).toHaveLength(decisions.length);
    expect(rows.map((row) => row.split(/ {2,}/)).map((cells) => [cells[0], cells.at(-1)])).toEqual(
      ordered.map(({ choice, ways, reason }) => [ways.length === 0 ? 'illegal' : choice, reason]),
    );
    for (const verdict of ['illegal', 'fuse']) {
      const count = rows.filter((row) => row.startsWith(verdict)).length;
      expect(count).toBeGreaterThan(0);
      expect(lines).toContainEqual(
        expect.stringMatching(`^${rows.length} candidates: .*${verdict} ${count}`),
      );
    }
  });

  it('marks the way that was chosen', async () => {
    const { lines, decisions } = await explain(models.family());
    const chosen = decisions.flatMap(({ ways }) => ways.filter(({ isChosen }) => isChosen));
    const starred = lines.filter((line) => line.startsWith('  * '));
    expect(chosen.length).toBeGreaterThan(1);
    expect(starred.map((line) => line.split(/ {2,}\*? ?/)[1]).sort()).toEqual(
      chosen.map(({ name }) => name).sort(),
    );
  });

  it.each([
    ['nothing to fuse', () => models.small(), [], 'no depthwise convolution stands beside'],
    ['no convolution', () => models.hostile(), [], 'there is no convolution to fuse'],
    ['no pass', () => models.family(), ['-O0'], 'fuse-separable-conv and split-group-conv did not'],
  ])('says so where there is no candidate: %s', async (_, model, options, reason) => {
    const { lines, decisions } = await explain(model(), ...options);
    expect(decisions).toEqual([]);
    expect(lines.at(-1)).toMatch(`no candidate: ${reason}`);
  });

  it('says what no option changes', async () => {
    const { lines } = await explain(models.computedFilter(), '--split-group-conv');
    expect(lines).toContain('1 candidate: illegal 1');
    expect(rowsBelow('verdict', lines)).toEqual([
      expect.stringMatching(/^illegal +groups +its filter is computed$/),
    ]);
  });

  it('counts a single candidate as one, and says which pass did not run', async () => {
    const skip = ['--skip-pass', 'fuse-separable-conv'];
    const { lines } = await explain(models.family(), ...skip);
    expect(lines).toContain('1 candidate: keep 1');
    expect(lines).toContain('the pass fuse-separable-conv did not run');
  });

  const shape = ['--shape', 'x:1,3,48,192'];
  it.each([
    ['the zoo', () => zooFile('mobilenet-v2'), []],
    ['PP-OCR', () => readOcrModel('direction'), shape],
    ['PP-OCR, all fused', () => readOcrModel('direction'), [...shape, '--fuse=all']],
    ['PP-OCR, without numbers', () => readOcrModel('direction'), []],
  ])(
    'fits into a terminal of 100 columns, where names stay apart: %s',
    async (_, model, options) => {
      const file = scratch().write('model.onnx', model());
      const args = ['inspect', file, '--explain', ...options];
      const lines = (await whittle(args, undefined, 100)).stdout.split('\n');
      // What comes before is the same as without the option.
      const from = lines.findIndex((line) => line.startsWith('kind '));
      expect(lines.slice(from).filter((line) => line.length > 100)).toEqual([]);
      const names = rowsBelow('depthwise', lines).map((row) => row.split(/ {2,}/).at(-1));
      expect(names.length).toBeGreaterThan(9);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it('says what depends on dims without numbers, and why once', async () => {
    const { lines, decisions } = await explain(readOcrModel('recognition'));
    expect(lines).toContainEqual(expect.stringMatching(/^depthwise +14 +\? +\?$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ +Bind them with --shape /));
    expect(decisions.some(({ reason }) => /dims/.test(reason))).toBe(true);
    const verdicts = rowsBelow('verdict', lines).filter((row) => row.includes('dims'));
    expect(verdicts.every((row) => row.startsWith('keep '))).toBe(true);
  });

  it('says once what is the reason of all', async () => {
    const { lines, decisions } = await explain(zooFile('mobilenet-v2'), '--fuse=none');
    // 17 pairs, and what 16 of them keep apart from their expansion.
    expect(decisions).toHaveLength(17 + 16);
    expect(lines.filter((line) => line.includes('nothing is to be fused'))).toEqual([
      'all of them: nothing is to be fused',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import onnxProto, { type onnx } from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { readOcrModel } from '../../../packages/compiler/test/support/ocr-models.js';
import {
  relativeError,
  runOnnxruntime,
} from '../../../packages/compiler/test/support/onnxruntime.js';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';

/** Optimises a model to a file; gives both as protocol buffers, and what the command printed. */
async function optimizeFile(bytes: Uint8Array, ...options: string[]) {
  const { write, path } = scratch();
  const out = path('out.onnx');
  const ended = await whittle(['optimize', write('in.onnx', bytes), '-o', out, ...options]);
  expect(ended.code).toBe(0);
  const after = readFileSync(out);
  return { ...ended, after, before: decode(bytes), result: decode(after) };
}

function decode(bytes: Uint8Array): onnx.ModelProto {
  return onnxProto.onnx.ModelProto.decode(bytes);
}

/** Of a model without subgraphs. */
function countOps({ graph }: onnx.ModelProto): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { opType } of graph?.node ?? [])
    counts[opType ?? ''] = (counts[opType ?? ''] ?? 0) + 1;
  return counts;
}

/** Of a model whose tensors are all raw. */
function rawBytes({ graph }: onnx.ModelProto): number {
  const tensors = [
    ...(graph?.initializer ?? []),
    ...(graph?.node ?? []).flatMap(({ attribute }) =>
      (attribute ?? []).flatMap(({ t }) => t ?? []),
    ),
  ];
  return tensors.reduce((sum, { rawData }) => sum + (rawData?.byteLength ?? 0), 0);
}

const ocr = (['detection', 'recognition', 'direction'] as const).map((name) => ({
  name,
  bytes: readOcrModel(name),
}));

describe('whittle optimize', () => {
  it.each(ocr)('counts what PP-OCR text $name was and is', async ({ bytes }) => {
    const { stdout, before, after, result } = await optimizeFile(bytes, '--json');
    const { report } = JSON.parse(stdout);
    expect(report.before).toMatchObject({
      nodes: before.graph?.node?.length,
      ops: countOps(before),
      parameterBytes: rawBytes(before),
      fileBytes: bytes.byteLength,
    });
    expect(report.after).toMatchObject({
      nodes: result.graph?.node?.length,
      ops: countOps(result),
      parameterBytes: rawBytes(result),
      fileBytes: after.byteLength,
    });
    expect(report.after.nodes).toBeLessThan(report.before.nodes / 2);
  });

  it.each(ocr)('keeps what PP-OCR text $name says of itself', async ({ bytes }) => {
    const { stderr, before, result } = await optimizeFile(bytes);
    expect(stderr).toBe('');
    for (const key of ['opsetImport', 'metadataProps', 'docString'] as const) {
      expect(result[key]).toEqual(before[key]);
    }
    expect(result.graph?.name).toBe(before.graph?.name);
    expect(result.graph?.input).toEqual(before.graph?.input);
    expect(signatures(result.graph?.output)).toEqual(signatures(before.graph?.output));
  });

  it('keeps metadata', async () => {
    const model = decode(models.small());
    model.metadataProps = [
      { key: 'character', value: 'a\nb' },
      { key: 'empty', value: '' },
    ];
    model.docString = 'What it is for.';
    model.producerVersion = '1.2';
    model.domain = 'com.example';
    const { result } = await optimizeFile(onnxProto.onnx.ModelProto.encode(model).finish());
    const { metadataProps, docString, producerVersion, domain } = model;
    expect(result).toMatchObject({ metadataProps, docString, producerVersion, domain });
  });

  it('shows a table beside the model, or in its place', async () => {
    const rows = [
      /^op +before +after$/m,
      /^Conv +1 +1$/m,
      /^nodes +3 +3$/m,
      /^parameter bytes +432 +432$/m,
      /^file bytes +\d+ +\d+$/m,
      /^multiply-adds +3,888 +3,888$/m,
    ];
    const toFile = await optimizeFile(models.small());
    for (const row of rows) expect(toFile.stdout).toMatch(row);
    const piped = await whittle(['optimize', '-', '-o', '-'], models.small());
    for (const row of rows) expect(piped.stderr).toMatch(row);
    expect(Buffer.from(piped.bytes)).toEqual(toFile.after);
  });

  it('says what it leaves out', async () => {
    // Field 200 of a ModelProto, which nobody knows, of no bytes.
    const bytes = Buffer.concat([models.small(), Buffer.from([0xc2, 0x0c, 0])]);
    const { stderr } = await optimizeFile(bytes);
    expect(stderr).toMatch(/^warning: Field 200 of ModelProto is not known and was left out\.$/m);
  });
});

describe('whittle optimize --split-group-conv', () => {
  it('leaves no groups but those of depthwise convolutions, and the same outputs', async () => {
    const model = models.family();
    const { stderr, before, after, result } = await optimizeFile(model, '--split-group-conv');
    expect(stderr).toBe('');
    expect(groupsOf(before)).toEqual([24, 4, 1, 1]);
    expect(groupsOf(result)).toEqual([24, 1, 1, 1, 1, 1, 1]);
    expect(countOps(result)).toMatchObject({ Split: 1, Concat: 1 });
    const data = Float32Array.from({ length: 648 }, (_, i) => Math.sin(i));
    const feeds = { image: { dtype: 'float32', dims: [1, 8, 9, 9], data } } as const;
    const [expected, actual] = [
      await runOnnxruntime(model, feeds),
      await runOnnxruntime(after, feeds),
    ];
    expect(expected.features).toHaveLength(648);
    expect(
      relativeError(actual.features as Float32Array, expected.features as Float32Array),
    ).toBeLessThan(1e-6);
  });

  it('is never done without being asked for', async () => {
    const plain = await optimizeFile(models.family());
    expect(groupsOf(plain.result)).toEqual(groupsOf(plain.before));
    for (const policy of ['auto', 'none']) {
      const { after } = await optimizeFile(models.family(), `--split-group-conv=${policy}`);
      expect(after).toEqual(plain.after);
    }
  });

  it('takes its value in any spelling, and never the model for one', async () => {
    const { write, path } = scratch();
    const model = write('model.onnx', models.family());
    const out = ['-o', path('out.onnx')];
    for (const args of [
      ['--split-group-conv', model, ...out],
      ['--split-group-conv=all', model, ...out],
      ['--split-group-conv', 'all', model, ...out],
      [model, ...out, '--split-group-conv'],
    ]) {
      const { code } = await whittle(['optimize', ...args]);
      expect({ args, code }).toEqual({ args, code: 0 });
      expect(countOps(decode(readFileSync(path('out.onnx'))))).toHaveProperty('Split');
    }
    const { code, stderr } = await whittle(['optimize', '--split-group-conv=some', model, ...out]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('auto, all, none'),
    });
  });

  it('says which convolutions keep their groups', async () => {
    const { stderr } = await optimizeFile(models.computedFilter(), '--split-group-conv');
    expect(stderr).toBe('warning: Conv "groups" keeps its 2 groups: its filter is computed.\n');
  });
});

/** Of each convolution; the most groups first. */
function groupsOf({ graph }: onnx.ModelProto): number[] {
  return (graph?.node ?? [])
    .filter(({ opType }) => opType === 'Conv')
    .map(({ attribute }) => Number(attribute?.find(({ name }) => name === 'group')?.i ?? 1))
    .sort((a, b) => b - a);
}

/** Names, element types and dims, as far as they are numbers: inference may know better names. */
function signatures(infos: readonly onnx.IValueInfoProto[] | null | undefined) {
  return infos?.map(({ name, type }) => ({
    name,
    elemType: type?.tensorType?.elemType,
    dims: type?.tensorType?.shape?.dim?.map(({ dimValue }) => Number(dimValue ?? 0)),
  }));
}

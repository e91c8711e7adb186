/**
 * What `inspect` says of convolutions and of the decisions about them. The numbers of whole models are
 * those of the published architectures, counted in the sources named beside them.
 */

import { GraphBuilder, seededTensor } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { describe, expect, it } from 'vitest';
import { type CompileOptions, type Inspection, inspect } from '../src/index.js';
import { readOcrModel } from './support/ocr-models.js';

interface Architecture {
  readonly id: string;
  readonly model: () => Uint8Array;
  readonly shapes?: CompileOptions['shapes'];
  readonly depthwise: number;
  readonly pointwise: number;
  readonly grouped: number;
  readonly regular: number;
  /** Depthwise convolutions whose activated result goes straight into a pointwise one, and nowhere else. */
  readonly pairs: number;
  /** Those of the pairs that a pointwise convolution expands before, with nothing else between. */
  readonly expanded: number;
}

const fromZoo = (id: string) => ({ id, model: () => exportOnnx(findModel(id).build()) });

const architectures: readonly Architecture[] = [
  // Howard et al. 2017, table 1: 13 times depthwise, pointwise.
  {
    ...fromZoo('mobilenet-v1'),
    ...{ depthwise: 13, pointwise: 13, grouped: 0, regular: 1, pairs: 13, expanded: 0 },
  },
  // Sandler et al. 2018, table 2: 17 blocks, of which the first does not expand, and a head.
  {
    ...fromZoo('mobilenet-v2'),
    ...{ depthwise: 17, pointwise: 17 + 16 + 1, grouped: 0, regular: 1, pairs: 17, expanded: 16 },
  },
  // Howard et al. 2019, table 1: 15 blocks, of which the first does not expand; 8 squeeze and excite,
  // by two pointwise convolutions each, between depthwise and projection; a head.
  {
    ...fromZoo('mobilenet-v3-large'),
    ...{ depthwise: 15, pointwise: 15 + 14 + 8 * 2 + 1, grouped: 0, regular: 1 },
    ...{ pairs: 15 - 8, expanded: 15 - 8 - 1 },
  },
  // Howard et al. 2019, table 2: 11 blocks, of which the first does not expand; 9 squeeze and excite.
  {
    ...fromZoo('mobilenet-v3-small'),
    ...{ depthwise: 11, pointwise: 11 + 10 + 9 * 2 + 1, grouped: 0, regular: 1 },
    ...{ pairs: 11 - 9, expanded: 11 - 9 },
  },
  // Tan and Le 2019, table 1: 16 blocks, of which the first does not expand; all squeeze and excite.
  {
    ...fromZoo('efficientnet-b0'),
    ...{ depthwise: 16, pointwise: 16 + 15 + 16 * 2 + 1, grouped: 0, regular: 1 },
    ...{ pairs: 0, expanded: 0 },
  },
  // Ma et al. 2018, figure 3 and table 5: 4 + 8 + 4 units of pointwise, depthwise, pointwise; the
  // first of each stage has a second branch of depthwise, pointwise; a head.
  {
    ...fromZoo('shufflenet-v2'),
    ...{ depthwise: 16 + 3, pointwise: 16 * 2 + 3 + 1, grouped: 0, regular: 1 },
    ...{ pairs: 16 + 3, expanded: 16 },
  },
  // Xie et al. 2017, table 1: 3 + 4 + 6 + 3 blocks around a convolution of 32 groups; 4 shortcuts.
  {
    ...fromZoo('resnext-50'),
    ...{ depthwise: 0, pointwise: 16 * 2 + 4, grouped: 16, regular: 1, pairs: 0, expanded: 0 },
  },
  // PaddleOCR, rec_mobilenet_v3.py, small at 0.35: as MobileNetV3-small, but all 11 blocks expand.
  {
    ...{ id: 'PP-OCR text direction', model: () => readOcrModel('direction') },
    ...{ shapes: { x: [1, 3, 48, 192] } },
    ...{ depthwise: 11, pointwise: 11 + 11 + 9 * 2 + 1, grouped: 0, regular: 1 },
    ...{ pairs: 11 - 9, expanded: 11 - 9 },
  },
  // PaddleOCR, rec_lcnetv3.py: 14 blocks of depthwise, pointwise, which never expand; 2 of them squeeze
  // and excite. To detect, 4 pointwise results go on to RSEFPN (db_fpn.py): 4 pointwise and 4 regular
  // convolutions, each with squeeze and excite; stem and head are regular.
  {
    ...{ id: 'PP-OCR text detection', model: () => readOcrModel('detection') },
    ...{ shapes: { x: [1, 3, 64, 64] } },
    ...{ depthwise: 14, pointwise: 14 + 2 * 2 + 4 + 4 + 8 * 2, grouped: 0, regular: 4 + 2 },
    ...{ pairs: 14 - 2, expanded: 0 },
  },
  // To recognise, an encoder of SVTR (rnn.py) adds 3 pointwise and 2 regular ones to blocks and stem.
  {
    ...{ id: 'PP-OCR text recognition', model: () => readOcrModel('recognition') },
    ...{ shapes: { x: [1, 3, 48, 64] } },
    ...{ depthwise: 14, pointwise: 14 + 2 * 2 + 3, grouped: 0, regular: 1 + 2 },
    ...{ pairs: 14 - 2, expanded: 0 },
  },
];

describe('the convolutions of a model', () => {
  it.each(architectures)('are those of its architecture: $id', async (architecture) => {
    const { model, shapes = {}, depthwise, pointwise, grouped, regular } = architecture;
    const options = { shapes, fuse: 'all', splitGroups: 'all' } as const;
    const inspection = await inspect(model(), options);
    const kinds = inspection.convolutions.map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    expect({
      depthwise: count('depthwise'),
      pointwise: count('pointwise'),
      grouped: count('grouped'),
      regular: count('regular'),
    }).toEqual({ depthwise, pointwise, grouped, regular });
    const { pairs, expanded } = architecture;
    expect(countFused(inspection)).toEqual({ pairs, expanded });
    // Each of these networks mixes by a pointwise convolution what it has filtered.
    expect(countPairs(inspection)).toBe(depthwise);
  });
});

/** Candidates that end with a pointwise convolution and could be fused whole. */
function countFused({ decisions }: Inspection) {
  const fused = decisions.filter(({ candidate, ways }) =>
    ways.some(({ name, isChosen }) => isChosen && name === candidate),
  );
  const count = (pattern: RegExp) =>
    fused.filter(({ candidate }) => pattern.test(candidate)).length;
  return {
    pairs: count(/depthwise → (pointwise|project)$/),
    expanded: count(/^expand → depthwise → project$/),
  };
}

/** Depthwise convolutions whose result reaches a pointwise one, whether they can be fused or not. */
function countPairs({ decisions }: Inspection): number {
  return decisions.filter(({ candidate }) => /depthwise → (pointwise|project)$/.test(candidate))
    .length;
}

/** Depthwise with a multiplier, pointwise, grouped: 8×8 pixels to 4×4. */
function smallFamily(): Uint8Array {
  const builder = new GraphBuilder('family');
  const weight = (dims: number[]) => builder.constant(seededTensor('float32', dims, dims.length));
  const image = builder.input('image', 'float32', [2, 4, 8, 8]);
  const filtered = builder.op(
    'Conv',
    [image, weight([8, 1, 3, 3]), weight([8])],
    { group: 4, pads: [1, 1, 1, 1], strides: [2, 2] },
    { name: 'filter', outputs: ['filtered'] },
  );
  const mixed = builder.op('Conv', [filtered, weight([6, 8, 1, 1])], {}, { outputs: ['mixed'] });
  const grouped = builder.op(
    'Conv',
    [mixed, weight([4, 3, 3, 1])],
    { group: 2, pads: [2, 0, 2, 0], dilations: [2, 1] },
    { name: 'groups', outputs: ['result'] },
  );
  builder.output('result', grouped);
  return exportOnnx(builder.build());
}

describe('a convolution', () => {
  it('is described by its shapes, window, multiply-adds and bytes', async () => {
    const tensor = (name: string, dims: number[]) => ({ name, dtype: 'float32', dims });
    const { convolutions } = await inspect(smallFamily());
    expect(convolutions).toEqual([
      {
        ...{ kind: 'depthwise', name: 'filter', groups: 4, multiplier: 2 },
        ...{ kernel: [3, 3], strides: [2, 2], dilations: [1, 1] },
        input: tensor('image', [2, 4, 8, 8]),
        output: tensor('filtered', [2, 8, 4, 4]),
        macs: 2 * 8 * 16 * 9,
        ...{ inputBytes: 4 * 512, outputBytes: 4 * 256, weightBytes: 4 * (8 * 9 + 8) },
      },
      {
        ...{ kind: 'pointwise', name: '', groups: 1 },
        ...{ kernel: [1, 1], strides: [1, 1], dilations: [1, 1] },
        input: tensor('filtered', [2, 8, 4, 4]),
        output: tensor('mixed', [2, 6, 4, 4]),
        macs: 2 * 16 * 6 * 8,
        ...{ inputBytes: 4 * 256, outputBytes: 4 * 192, weightBytes: 4 * 48 },
      },
      {
        ...{ kind: 'grouped', name: 'groups', groups: 2 },
        ...{ kernel: [3, 1], strides: [1, 1], dilations: [2, 1] },
        input: tensor('mixed', [2, 6, 4, 4]),
        output: tensor('result', [2, 4, 4, 4]),
        macs: 2 * 16 * 4 * 3 * 3,
        ...{ inputBytes: 4 * 192, outputBytes: 4 * 128, weightBytes: 4 * 36 },
      },
    ]);
  });

  it('is listed as it was, whatever becomes of it', async () => {
    const policies = ['auto', 'all', 'none'] as const;
    const [first, ...others] = await Promise.all(
      policies.map((policy) => inspect(smallFamily(), { fuse: policy, splitGroups: policy })),
    );
    for (const other of others) expect(other.convolutions).toEqual(first?.convolutions);
    expect(others.map(({ after }) => Object.hasOwn(after.ops, 'SeparableConv'))).toEqual([
      true,
      false,
    ]);
  });
});

describe('a decision', () => {
  it('names its nodes and its numbers, and holds no weights', async () => {
    const { decisions } = await inspect(smallFamily(), { fuse: 'all' });
    const pair = decisions.find(({ candidate }) => candidate === 'depthwise → pointwise');
    expect(pair).toMatchObject({
      pass: 'fuse-separable-conv',
      choice: 'fuse',
      nodes: [
        { op: 'Conv', kind: 'depthwise', name: 'filter', output: 'filtered' },
        { op: 'Conv', kind: 'pointwise', name: '', output: 'mixed' },
      ],
      ways: [
        { name: 'apart', isChosen: false },
        { name: 'depthwise → pointwise', isChosen: true },
      ],
    });
    expect(pair?.measures).toContainEqual({
      name: 'work',
      value: 2 * 8 * 16 * 9 + 2 * 16 * 6 * 8,
      unit: 'MACs',
    });
    expect(JSON.parse(JSON.stringify(decisions))).toEqual(decisions);
  });

  it('says what is in the way', async () => {
    const options = { shapes: { x: [1, 3, 48, 192] }, fuse: 'all' } as const;
    const { decisions } = await inspect(readOcrModel('direction'), options);
    const kept = decisions.filter(({ choice }) => choice === 'keep');
    const reasons = new Set(kept.map(({ reason }) => reason));
    expect([kept.length, [...reasons]]).toEqual([
      9,
      [expect.stringMatching(/^squeeze-and-excite: /)],
    ]);
  });
});

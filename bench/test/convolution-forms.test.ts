/**
 * The convolution forms of `GraphBuilder`, interpreted, as emitted JavaScript and as ONNX in
 * onnxruntime, against TensorFlow.js, whose meaning they have. `WHITTLE_FORMS=20` draws so many
 * calls of each kind.
 */

import * as tf from '@tensorflow/tfjs';
import { compareTensors, interpreterReference, type TensorData } from '@whittle/compiler';
import {
  type Graph,
  GraphBuilder,
  namedDim,
  samePadding,
  type Tensor,
  tensorOf,
  typedArrayOf,
} from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { beforeAll, describe, expect, it } from 'vitest';

import { type Feed, runOnnxruntime } from '../../packages/compiler/test/support/onnxruntime.ts';
import { loadEmitted } from '../src/harness/emitted-module.ts';
import { drawCase, forms, graphOf } from './convolution-forms/form-case.ts';
import { runInTfjs } from './convolution-forms/tfjs-form.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const draws = Number(process.env.WHITTLE_FORMS ?? '2');
const paddings = ['SAME', 'VALID', 'explicit'] as const;
const orders = ['last', 'first'] as const;
/** What activations cut down to almost nothing was summed from operands of size 1. */
const tolerance = { absolute: 1e-6, relative: 1e-5 };

describe.each(forms)('$form', ({ form, rank }) => {
  const choices = paddings.flatMap((padding) => orders.map((channels) => ({ padding, channels })));
  const calls = choices.flatMap((choice, i) =>
    Array.from({ length: draws }, (_, draw) => ({ ...choice, seed: 100 * draw + 10 * i })),
  );

  it.each(calls)(
    'gives what TensorFlow.js gives: $padding, channels $channels, seed $seed',
    async ({ seed, ...choice }) => {
      const formCase = drawCase({ form, rank, ...choice }, seed);
      const expected = { dtype: 'float32', ...runInTfjs(formCase) } as const;
      const inputs = formCase.filtersAreInputs ? formCase.filters : [];
      const filters = inputs.map((filter, i) => [`filter${i}`, dataOf(filter)] as const);
      const feeds = { x: dataOf(formCase.image), ...Object.fromEntries(filters) };
      const graph = graphOf(formCase);
      for (const [way, y] of Object.entries(await resultsOf(graph, feeds))) {
        expect({ way, ...compareTensors(y, expected, tolerance) }).toMatchObject({ agrees: true });
      }
      const data = floatsOf((await runOnnxruntime(exportOnnx(graph), feeds)).y);
      const exported = { dtype: 'float32', dims: expected.dims, data } as const;
      expect(compareTensors(exported, expected, tolerance)).toMatchObject({ agrees: true });
    },
  );
});

it('SAME in steps pads as it must when the sizes get their numbers', async () => {
  const choice = { form: 'depthwiseConv2d', rank: 2, padding: 'SAME', channels: 'last' } as const;
  for (const seed of [1, 2, 3, 4]) {
    const drawn = drawCase(choice, seed);
    const formCase = { ...drawn, strides: [2, 3], filtersAreInputs: false };
    const [batch = 1, height = 1, width = 1] = formCase.image.dims;
    const graph = graphOf(formCase, ['N', 'H', 'W'].map(namedDim));
    const feeds = { x: dataOf(formCase.image) };
    const bound = { dims: { N: batch, H: height, W: width } };
    const expected = { dtype: 'float32', ...runInTfjs(formCase) } as const;
    for (const [way, y] of Object.entries(await resultsOf(graph, feeds, bound))) {
      expect({ way, ...compareTensors(y, expected, tolerance) }).toMatchObject({ agrees: true });
    }
  }
});

describe('the examples of the reference of tf.nn.depthwise_conv2d', () => {
  const image = tensorOf('float32', [1, 3, 2, 1], [1, 2, 3, 4, 5, 6]);
  const filter = tensorOf('float32', [2, 1, 1, 2], [1, 2, 3, 4]);
  // biome-ignore format: a table
  const examples = [
    { padding: 'VALID', dims: [1, 2, 2, 2], values: [10, 14, 14, 20, 18, 26, 22, 32] },
    {
      padding: [[1, 0], [1, 0]],
      dims: [1, 3, 3, 2],
      values: [0, 0, 3, 4, 6, 8, 0, 0, 10, 14, 14, 20, 0, 0, 18, 26, 22, 32],
    },
  ] as const;

  it.each(examples)('come out: $padding', async ({ padding, dims, values }) => {
    const builder = new GraphBuilder('example');
    const x = builder.input('x', 'float32', image.dims);
    builder.output('y', builder.depthwiseConv2d(x, builder.constant(filter), { padding }));
    for (const y of Object.values(await resultsOf(builder.build(), { x: dataOf(image) }))) {
      expect(y.dims).toEqual(dims);
      expect([...y.data]).toEqual(values);
    }
  });
});

it('SAME pads as TensorFlow.js does, for every small window', () => {
  const upTo = (high: number) => Array.from({ length: high }, (_, i) => i + 1);
  for (const size of upTo(12)) {
    for (const kernel of upTo(5)) {
      for (const stride of upTo(4)) {
        for (const dilation of upTo(3)) {
          const { padInfo } = tf.backend_util.computeConv2DInfo(
            [1, size, 1, 1],
            [kernel, 1, 1, 1],
            [stride, 1],
            [dilation, 1],
            'same',
          );
          const window = { kernel, stride, dilation };
          expect(samePadding(size, window), JSON.stringify({ size, ...window })).toEqual([
            padInfo.top,
            padInfo.bottom,
          ]);
        }
      }
    }
  }
});

it('channels last cost nothing: the two halves of a separable convolution are all that runs', async () => {
  const builder = new GraphBuilder('separable');
  const x = builder.input('x', 'float32', [1, 8, 8, 4]);
  const depthwise = builder.constant(tensorOf('float32', [3, 3, 4, 1], Array(36).fill(1)));
  const pointwise = builder.constant(tensorOf('float32', [1, 1, 4, 8], Array(32).fill(1)));
  builder.output('y', builder.separableConv2d(x, depthwise, pointwise));
  const { report, dispose } = await loadEmitted(exportOnnx(builder.build()), { optimize: 0 });
  expect(report.program.steps).toBe(2);
  await dispose();
});

/** The output `y`, by the way in which it was computed. */
async function resultsOf(
  graph: Graph,
  feeds: Readonly<Record<string, TensorData>>,
  options: { readonly dims?: Readonly<Record<string, number>> } = {},
): Promise<Readonly<Record<string, TensorData>>> {
  const bytes = exportOnnx(graph);
  const interpreted = await interpreterReference(options).run(bytes, feeds);
  const { model, dispose } = await loadEmitted(bytes, { ...options, optimize: 2 });
  const emitted = await model.run(feeds);
  await dispose();
  const [first, second] = [interpreted.y, emitted.y];
  if (first === undefined || second === undefined) throw new Error('There is no output "y".');
  return { interpreted: first, emitted: second };
}

function dataOf(tensor: Tensor): Feed {
  return { dtype: 'float32', dims: tensor.dims, data: floatsOf(typedArrayOf(tensor)) };
}

function floatsOf(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('The data is not float32.');
}

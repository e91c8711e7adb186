/**
 * What opsets 18 to 23 changed, compiled and run against onnxruntime: the cases of `packages/onnx/test/opset-cases`,
 * in JavaScript at O0 and WebAssembly at O2. The cases that ONNX publishes as a package stop at opset 17.
 */

import { type TypedArray, tensorOf, typedArrayOf } from '@whittle/ir';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../codegen-js/test/load-module.js';
import { destroyDevices, hasAdapter, openDevice } from '../../codegen-wgsl/test/gpu.js';
import { type Closeness, expectClose } from '../../kernel/test/op-cases/expect-close.js';
import type { ReferenceTensor } from '../../kernel/test/op-cases/reference.js';
import { opsetCases } from '../../onnx/test/opset-cases/all.js';
import { modelOf, referenceModelOf } from '../../onnx/test/opset-cases/case-model.js';
import { changes } from '../../onnx/test/opset-cases/changes.js';
import { isTensorInput, type OpsetCase } from '../../onnx/test/opset-cases/opset-case.js';
import { compile, type Target } from '../src/index.js';
import { loadGpuModel } from './support/webgpu-model.js';

type Results = Readonly<Record<string, ReferenceTensor>>;
type Level = 0 | 2;

type Way = readonly [Target, Level];
const ways: readonly Way[] = [
  ['js', 0],
  ['wasm', 2],
];

/** Running is slow on a GPU in software: there, one case of each change, at one level. */
const firstOfChange = new Map(
  opsetCases.toReversed().map((each) => [`${each.op} ${each.opset}`, each]),
);
function waysOf(each: OpsetCase): readonly Way[] {
  const isFirst = firstOfChange.get(`${each.op} ${each.opset}`) === each;
  return isFirst && hasAdapter ? [...ways, ['wgsl', 2]] : ways;
}

/** Half floats may round on the way as well as at the end. */
const closeness: Readonly<Record<string, Closeness>> = {
  float32: { absolute: 1e-5, relative: 1e-3 },
  float16: { absolute: 1e-5, relative: 2 ** -9, ofLargest: true },
  bfloat16: { absolute: 1e-5, relative: 2 ** -6, ofLargest: true },
};

let device: GPUDevice | undefined;
beforeAll(async () => {
  if (hasAdapter) device = await openDevice();
});
afterAll(destroyDevices);

describe('opsets 18 to 23', () => {
  for (const each of opsetCases) it(each.name, () => check(each));

  it('has three cases or more of each change, and none of anything else', () => {
    const keyOf = ({ op, opset }: Pick<OpsetCase, 'op' | 'opset'>): string => `${op} ${opset}`;
    const counts = new Map<string, number>(changes.map((change) => [keyOf(change), 0]));
    for (const each of opsetCases) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? NaN) + 1);
    expect([...counts].filter(([, count]) => !(count >= 3))).toEqual([]);
  });
});

async function check(each: OpsetCase): Promise<void> {
  const bytes = modelOf(each);
  if (each.refused !== undefined) {
    await expect(compile(bytes)).rejects.toMatchObject({ code: each.refused });
    return;
  }
  const expected = await expectedOf(each);
  for (const [target, optimize] of waysOf(each)) {
    const results = await run(bytes, target, optimize, feedsOf(each));
    for (const [name, tensor] of Object.entries(expected)) {
      const what = `${name}, ${target} at O${optimize}`;
      expectClose(results[name], tensor, what, closeness[each.as ?? 'float32']);
    }
  }
}

async function run(
  bytes: Uint8Array,
  target: Target,
  optimize: Level,
  feeds: Readonly<Record<string, TypedArray>>,
): Promise<Results> {
  const { files } = await compile(bytes, { target, optimize });
  const model =
    target === 'wgsl' && device ? await loadGpuModel(files, device) : await loadModel(files);
  try {
    return (await model.run(feeds)) as Results;
  } finally {
    model.dispose();
  }
}

function feedsOf({ inputs }: OpsetCase): Record<string, TypedArray> {
  const fed = inputs.flatMap((given, at) =>
    isTensorInput(given) && !given.constant ? [[`x${at}`, typedArrayOf(given.tensor)]] : [],
  );
  return Object.fromEntries(fed);
}

async function expectedOf(each: OpsetCase): Promise<Results> {
  const { outputs = ['y'], expected } = each;
  if (expected !== undefined) {
    const tensors = expected.map(({ dtype, dims, values }, at) => [
      outputs[at],
      { dtype, dims, data: typedArrayOf(tensorOf(dtype, dims, values)) },
    ]);
    return Object.fromEntries(tensors);
  }
  const session = await ort.InferenceSession.create(referenceModelOf(each), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = each.inputs.flatMap((given, at) => {
    if (!isTensorInput(given) || given.constant) return [];
    const { dtype, dims } = given.tensor;
    return [
      [
        `x${at}`,
        new ort.Tensor(dtype as 'float32', typedArrayOf(given.tensor) as Float32Array, dims),
      ],
    ];
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, dims, data }]) => [
      name,
      { dtype: type, dims, data: data as TypedArray },
    ]),
  );
}

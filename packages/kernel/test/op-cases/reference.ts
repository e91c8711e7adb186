/** What onnxruntime says the outputs of a graph are. */

import {
  allBound,
  elementCount,
  type Graph,
  type TypedArray,
  tensorOf,
  typedArrayOf,
} from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import * as ort from 'onnxruntime-node';
import { type ElementType, feedsOf, graphOf, type OpCase } from './op-case.js';

export interface ReferenceTensor {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: TypedArray;
}

/** The outputs that a case must give, by name. */
export async function referenceOf(opCase: OpCase): Promise<Record<string, ReferenceTensor>> {
  const graph = graphOf(opCase, 'alone');
  return opCase.expected === undefined
    ? runOnnx(graph, feedsOf(opCase))
    : writtenOutputs(graph, opCase.expected);
}

/** Runs a graph in onnxruntime. */
export async function runOnnx(
  graph: Graph,
  feeds: Readonly<Record<string, Parameters<typeof typedArrayOf>[0]>>,
): Promise<Record<string, ReferenceTensor>> {
  const session = await ort.InferenceSession.create(exportOnnx(graph), {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  const tensors = Object.entries(feeds).map(([name, tensor]): [string, ort.Tensor] => [
    name,
    new ort.Tensor(tensor.dtype as ort.Tensor.Type, typedArrayOf(tensor) as never, [
      ...tensor.dims,
    ]),
  ]);
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, dims, data }]) => [
      name,
      { dtype: type, dims, data: data as TypedArray },
    ]),
  );
}

function writtenOutputs(
  graph: Graph,
  expected: readonly (readonly (number | bigint)[])[],
): Record<string, ReferenceTensor> {
  return Object.fromEntries(
    graph.outputs.map(({ name, value }, i) => {
      const { dtype, dims = [] } = value.type ?? {};
      if (dtype === undefined || dtype === 'string' || !allBound(dims)) {
        throw new Error(`"${name}" has no type that a test can compare.`);
      }
      const values = expected[i] ?? [];
      if (values.length !== elementCount(dims)) {
        throw new Error(
          `"${name}" has ${elementCount(dims)} elements; ${values.length} are written.`,
        );
      }
      const type: ElementType = dtype;
      return [name, { dtype: type, dims, data: typedArrayOf(tensorOf(type, dims, values)) }];
    }),
  );
}

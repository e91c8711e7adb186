/** Several cases side by side in one graph for each layout, with what goes in and has to come out. */

import { type Graph, GraphBuilder, seededTensor, typedArrayOf } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { addSeparable } from './add-separable.js';
import { type Feed, runOnnxruntime } from './onnxruntime.js';
import type { SeparableCase } from './separable-case.js';
import type { AddedInput, Layout } from './separable-site.js';

/** The outputs of a graph by name. */
export type Outputs = Readonly<Record<string, ArrayLike<number>>>;

export interface Sample {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, Feed>>;
  /** Outputs in NCHW in the layout of this graph. */
  laidOut(outputs: Outputs): Outputs;
}

export interface Samples extends Readonly<Record<Layout, Sample>> {
  /** What onnxruntime makes of the graph in NCHW. */
  readonly expected: Outputs;
}

export async function sampleCases(cases: readonly SeparableCase[]): Promise<Samples> {
  const first = graphOf(cases, 'NCHW');
  const last = graphOf(cases, 'NHWC');
  const inputs = first.inputs.map((input) => {
    const data = typedArrayOf(seededTensor('float32', input.dims, input.seed));
    if (!(data instanceof Float32Array)) throw new TypeError('Feeds are float32.');
    return { ...input, data };
  });
  const feeds = Object.fromEntries(
    inputs.map(({ name, dims, data }) => [name, feedOf(dims, data)] as const),
  );
  const feedsLast = Object.fromEntries(
    inputs.map(({ name, dims, data, isImage }) => [
      name,
      isImage ? feedOf(dimsLast(dims), channelsLast(data, dims)) : feedOf(dims, data),
    ]),
  );
  const outputDims = new Map(
    first.graph.outputs.map(({ name, value }) => [name, (value.type?.dims ?? []).map(Number)]),
  );
  const toLast = (outputs: Outputs): Outputs =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, data]) => [
        name,
        channelsLast(data, outputDims.get(name) ?? []),
      ]),
    );
  return {
    NCHW: { graph: first.graph, feeds, laidOut: (outputs) => outputs },
    NHWC: { graph: last.graph, feeds: feedsLast, laidOut: toLast },
    expected: await outputsOfOnnxruntime(first.graph, feeds),
  };
}

export async function outputsOfOnnxruntime(graph: Graph, feeds: Sample['feeds']): Promise<Outputs> {
  return (await runOnnxruntime(exportOnnx(graph), feeds)) as Record<string, Float32Array>;
}

/** The name of an output ends in the seed of its case. */
export function seedOfOutput(name: string): number {
  return Number(name.replace(/^\D+/, ''));
}

function graphOf(cases: readonly SeparableCase[], layout: Layout) {
  const builder = new GraphBuilder('separable');
  const inputs = cases.flatMap((separable) =>
    addSeparable(builder, separable, layout).map((input, i): AddedInput & { seed: number } => ({
      ...input,
      seed: separable.seed * 16 + i,
    })),
  );
  return { graph: builder.build(), inputs };
}

function feedOf(dims: readonly number[], data: Float32Array): Feed {
  return { dtype: 'float32', dims, data };
}

function dimsLast([batch = 1, channels = 1, ...spatial]: readonly number[]): readonly number[] {
  return [batch, ...spatial, channels];
}

function channelsLast(
  data: ArrayLike<number>,
  [batch = 1, channels = 1, ...spatial]: readonly number[],
): Float32Array {
  const pixels = spatial.reduce((product, size) => product * size, 1);
  const moved = new Float32Array(data.length);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) {
        moved[(n * pixels + p) * channels + c] = data[(n * channels + c) * pixels + p] ?? 0;
      }
    }
  }
  return moved;
}

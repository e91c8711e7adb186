/**
 * A float model as quantising tools leave it: each weight, each result of a convolution (after its
 * activation), product or sum, and the input, is quantised and dequantised again. Images are uint8, by the
 * range that a run has of them; weights are int8, symmetric, with a scale for each output channel.
 */

import {
  elementCount,
  type Graph,
  GraphBuilder,
  type Node,
  numbersOf,
  type Tensor,
  type TypedArray,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { type Feed, runOnnxruntime } from './onnxruntime.js';

const weighted: ReadonlySet<string> = new Set(['Conv', 'Gemm']);
const kept: ReadonlySet<string> = new Set([...weighted, 'Add', 'GlobalAveragePool', 'AveragePool']);
const activations: ReadonlySet<string> = new Set(['Relu', 'Clip', 'HardSwish']);

export async function quantizeGraph(graph: Graph, feed: Feed): Promise<Graph> {
  const ranges = await rangesOf(graph, feed);
  const builder = new GraphBuilder(graph.name);
  const values = new Map<Value, Value>();
  for (const input of graph.inputs) {
    const { dtype, dims } = input.type ?? { dtype: 'float32', dims: [] };
    values.set(input, throughBytes(builder, builder.input(input.name, dtype, dims), ranges, input));
  }
  const readers = new Map<Value, Node[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input !== undefined) readers.set(input, [...(readers.get(input) ?? []), node]);
    }
  }
  for (const node of graph.nodes) {
    const scale = scaleOf(node.inputs[0] && values.get(node.inputs[0]));
    const inputs = node.inputs.map((input, i) => {
      if (input?.constant === undefined || !weighted.has(node.op))
        return input && (values.get(input) ?? input);
      return i === 1
        ? weights(builder, input.constant)
        : bias(builder, input.constant, scale, node);
    });
    const result = builder.op(node.op, inputs, node.attributes);
    const [output] = node.outputs;
    if (output === undefined) continue;
    const [reader, ...others] = readers.get(output) ?? [];
    const isActivated = reader !== undefined && others.length === 0 && activations.has(reader.op);
    const isKept = (kept.has(node.op) || activations.has(node.op)) && !isActivated;
    values.set(output, isKept ? throughBytes(builder, result, ranges, output) : result);
  }
  for (const { name, value } of graph.outputs) builder.output(name, values.get(value) ?? value);
  return builder.build();
}

type Ranges = ReadonlyMap<string, readonly [low: number, high: number]>;

/** The least and the largest element of each value in a run, 0 among them. */
async function rangesOf(graph: Graph, feed: Feed): Promise<Ranges> {
  const values = graph.nodes.flatMap(({ outputs }) =>
    outputs.filter((value) => value !== undefined),
  );
  const outputs = values.map((value) => ({ name: value.name, value }));
  const [input] = graph.inputs;
  const name = input?.name ?? '';
  const results = await runOnnxruntime(exportOnnx({ ...graph, outputs }), { [name]: feed });
  const all: [string, TypedArray][] = [[name, feed.data], ...Object.entries(results)];
  return new Map(
    all.map(([value, data]) => {
      let [low, high] = [0, 0];
      for (const element of data) {
        low = Math.min(low, Number(element));
        high = Math.max(high, Number(element));
      }
      return [value, [low, high]];
    }),
  );
}

function throughBytes(builder: GraphBuilder, x: Value, ranges: Ranges, of: Value): Value {
  const [low, high] = ranges.get(of.name) ?? [-1, 1];
  const step = Math.fround((high - low) / 255) || 1;
  const scale = builder.scalar('float32', step);
  const zero = builder.scalar('uint8', Math.round(-low / step));
  const quantized = builder.op('QuantizeLinear', [x, scale, zero]);
  const value = builder.op('DequantizeLinear', [quantized, scale, zero]);
  scales.set(value, step);
  return value;
}

/** Of dequantised values, for the bias of what reads them. */
const scales = new WeakMap<Value, number>();

function scaleOf(value: Value | undefined): number {
  return (value && scales.get(value)) ?? 1;
}

function largestOfChannels({ dims, ...tensor }: Tensor): number[] {
  const data = numbersOf({ dims, ...tensor });
  const [channels = 1] = dims;
  const size = elementCount(dims) / channels;
  return Array.from({ length: channels }, (_, channel) => {
    let largest = 0;
    for (let i = 0; i < size; i++) {
      largest = Math.max(largest, Math.abs(data[channel * size + i] ?? 0));
    }
    return largest;
  });
}

/** Seven bits, of which sums of pairs with bytes fit 16: older instructions saturate there in onnxruntime. */
const largestWeight = 63;

function weightScales(tensor: Tensor): number[] {
  return largestOfChannels(tensor).map((largest) => Math.fround(largest / largestWeight) || 1);
}

function weights(builder: GraphBuilder, tensor: Tensor): Value {
  const steps = weightScales(tensor);
  const size = elementCount(tensor.dims) / steps.length;
  const integers = numbersOf(tensor).map((element, i) =>
    Math.round(element / (steps[Math.floor(i / size)] ?? 1)),
  );
  const zeros = tensorOf(
    'int8',
    [steps.length],
    steps.map(() => 0),
  );
  const operands = [
    tensorOf('int8', tensor.dims, integers),
    tensorOf('float32', [steps.length], steps),
    zeros,
  ].map((each) => builder.constant(each));
  return builder.op('DequantizeLinear', operands, { axis: 0 });
}

function bias(builder: GraphBuilder, tensor: Tensor, scale: number, node: Node): Value {
  const filter = node.inputs[1]?.constant;
  const steps = (filter ? weightScales(filter) : [1]).map((step) => Math.fround(step * scale));
  const integers = numbersOf(tensor).map((element, i) => Math.round(element / (steps[i] ?? 1)));
  const operands = [
    tensorOf('int32', tensor.dims, integers),
    tensorOf('float32', [steps.length], steps),
  ].map((each) => builder.constant(each));
  return builder.op('DequantizeLinear', operands, { axis: 0 });
}

import { elementCount, type Tensor, tensorOf, typedArrayOf, verifyGraph } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import { Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';
import { f, i, input, ints, modelBytes, node, output } from './onnx-models.js';
import { runOrt } from './run-ort.js';

interface Case {
  readonly op: string;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly attributes?: Readonly<Record<string, types.IAttributeProto>>;
  readonly rank: number;
  readonly result?: 'float32' | 'int8' | 'uint8';
}

function bytes(dtype: 'int8' | 'uint8', ...dims: number[]): Tensor {
  const low = dtype === 'int8' ? -64 : 0;
  const elements = Array.from(
    { length: elementCount(dims) },
    (_, k) => ((k * 41 + 13) % 128) + low,
  );
  return tensorOf(dtype, dims, elements);
}
const u8 = (...dims: number[]) => bytes('uint8', ...dims);
const i8 = (...dims: number[]) => bytes('int8', ...dims);
const zero = (value: number, dtype: 'int8' | 'uint8' = 'uint8') => tensorOf(dtype, [], [value]);
const scale = (value: number) => tensorOf('float32', [], [value]);
const floats = (dims: readonly number[], values: readonly number[]) =>
  tensorOf('float32', dims, values);
const bias = floats([2], [0.5, -2]);
const x = floats([2, 3], [0.5, -1, 2.25, 1, 0, -0.75]);
const image = [u8(1, 3, 4, 4), scale(0.1), zero(60), scale(0.08), zero(50)];
const rows = [u8(1, 4, 4, 3), scale(0.1), zero(60), scale(0.08), zero(50)];
const halves = { kernel_shape: ints(2, 2), strides: ints(2, 2) };
const filter = [i8(2, 3, 2, 2), scale(0.02), zero(0, 'int8')];

// biome-ignore format: a table
const cases: readonly Case[] = [
  { op: 'QuantizeLinear', inputs: [x, scale(0.02), zero(100)], rank: 2 },
  { op: 'DequantizeLinear', inputs: [u8(2, 3), scale(0.02), zero(100)], rank: 2, result: 'float32' },
  { op: 'QLinearAdd', inputs: [u8(2, 3), scale(0.1), zero(9), u8(3), scale(0.2), zero(70), scale(0.25), zero(40)], rank: 2 },
  { op: 'QLinearMul', inputs: [i8(2, 3), scale(0.1), zero(0, 'int8'), i8(2, 3), scale(0.2), zero(-3, 'int8'), scale(2), zero(5, 'int8')], rank: 2, result: 'int8' },
  { op: 'QLinearSigmoid', inputs: [u8(2, 3), scale(0.1), zero(60), scale(0.004), zero(0)], rank: 2 },
  { op: 'QLinearLeakyRelu', inputs: [u8(2, 3), scale(0.1), zero(60), scale(0.1), zero(40)], attributes: { alpha: f(0.3) }, rank: 2 },
  { op: 'QLinearSoftmax', inputs: [u8(2, 3), scale(0.02), zero(60), scale(0.004), zero(0)], attributes: { axis: i(1), opset: i(13) }, rank: 2 },
  { op: 'QLinearGlobalAveragePool', inputs: image, rank: 4 },
  { op: 'QLinearGlobalAveragePool', inputs: rows, attributes: { channels_last: i(1) }, rank: 4 },
  { op: 'QLinearAveragePool', inputs: image, attributes: halves, rank: 4 },
  { op: 'QLinearAveragePool', inputs: rows, attributes: { ...halves, channels_last: i(1) }, rank: 4 },
  { op: 'QLinearConcat', inputs: [scale(0.1), zero(40), u8(2, 3), scale(0.1), zero(9), u8(2, 2), scale(0.2), zero(70)], attributes: { axis: i(1) }, rank: 2 },
  { op: 'QLinearWhere', inputs: [tensorOf('bool', [3], [1, 0, 1]), u8(2, 3), scale(0.1), zero(9), u8(2, 3), scale(0.2), zero(70), scale(0.25), zero(40)], rank: 2 },
  { op: 'QLinearConv', inputs: [...rows.slice(0, 3), ...filter, scale(0.5), zero(90), tensorOf('int32', [2], [70, -900])], attributes: { channels_last: i(1), pads: ints(1, 0, 1, 1) }, rank: 4 },
  { op: 'QGemm', inputs: [u8(2, 3), scale(0.1), zero(60), i8(4, 3), scale(0.02), zero(0, 'int8'), tensorOf('int32', [4], [700, -900, 3, 0]), scale(0.3), zero(90)], attributes: { transB: i(1), alpha: f(0.5) }, rank: 2 },
  { op: 'QGemm', inputs: [u8(2, 3), scale(0.1), zero(60), i8(3, 4), scale(0.02), zero(3, 'int8')], rank: 2, result: 'float32' },
  { op: 'MatMulIntegerToFloat', inputs: [u8(2, 3), i8(3, 2), scale(0.1), floats([2], [0.02, 0.5]), zero(60), tensorOf('int8', [2], [1, 2]), bias], rank: 2, result: 'float32' },
  { op: 'MatMulIntegerToFloat', inputs: [u8(2, 3), i8(3, 2), scale(0.1), scale(0.02)], rank: 2, result: 'float32' },
  { op: 'DynamicQuantizeMatMul', inputs: [x, i8(3, 2), scale(0.02), zero(3, 'int8'), bias], rank: 2, result: 'float32' },
];

function bytesOf({ op, inputs, attributes, rank, result = dtypeOf(inputs) }: Case): Uint8Array {
  const names = inputs.map((tensor, at) => (tensor ? `x${at}` : ''));
  return modelBytes({
    opset: 17,
    inputs: inputs.flatMap((tensor, at) =>
      tensor ? [input(`x${at}`, tensor.dims, tensor.dtype)] : [],
    ),
    outputs: [output('y', rank, result)],
    nodes: [node(op, names, ['y'], attributes, 'com.microsoft')],
    extra: {
      opsetImport: [
        { domain: '', version: 17 },
        { domain: 'com.microsoft', version: 1 },
      ],
    },
  });
}

const dtypeOf = (inputs: Case['inputs']) =>
  inputs.some((tensor) => tensor?.dtype === 'uint8') ? 'uint8' : 'int8';

describe('an op of com.microsoft on quantized tensors computes in ops of ONNX what it did', () => {
  test.each(cases)('$op', async (each) => {
    const model = bytesOf(each);
    const graph = importOnnx(model);
    verifyGraph(graph);
    expect(graph.nodes.filter(({ op }) => op.includes('::'))).toEqual([]);
    const feeds = Object.fromEntries(
      each.inputs.flatMap((tensor, at) => {
        if (tensor === undefined) return [];
        const type = tensor.dtype as OrtTensor.Type;
        return [[`x${at}`, new OrtTensor(type, typedArrayOf(tensor) as never, [...tensor.dims])]];
      }),
    );
    const { y: expected } = await runOrt(model, feeds);
    const { y: upgraded } = await runOrt(exportOnnx(graph), feeds);
    expect(upgraded?.dims).toEqual(expected?.dims);
    // onnxruntime rounds other intermediate results than its own ops of ONNX do.
    const allowed = (each.result ?? 'uint8') === 'float32' ? 1e-3 : 1;
    for (const [at, value] of (expected?.data ?? []).entries()) {
      expect(Math.abs((upgraded?.data[at] ?? 0) - value), `y[${at}]`).toBeLessThanOrEqual(allowed);
    }
  });
});

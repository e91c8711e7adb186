/**
 * Ops of the `com.microsoft` domain on quantized tensors: the op itself between a dequantisation and a
 * quantisation, or products of integers and what makes numbers of them.
 *
 * Source: `ContribOperators.md` of onnxruntime.
 */

import { dtypes, type Value } from '@whittle/ir';
import { requiredInput, respell, scalarLike, without, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const always = Number.POSITIVE_INFINITY;

// biome-ignore format: a table
const upgrades: Readonly<Record<string, Upgrade>> = {
  QuantizeLinear: respelled('QuantizeLinear'),
  DequantizeLinear: respelled('DequantizeLinear'),
  QLinearConv: channelsLast(respelled('QLinearConv')),
  QLinearAdd: quantized([0, 3], 6, ([a, b], context) => context.emit('Add', [a, b])),
  QLinearMul: quantized([0, 3], 6, ([a, b], context) => context.emit('Mul', [a, b])),
  QLinearSigmoid: quantized([0], 3, ([x], context) => context.emit('Sigmoid', [x])),
  QLinearLeakyRelu: quantized([0], 3, ([x], context, node) => context.emit('LeakyRelu', [x], node.attributes)),
  QLinearSoftmax: quantized([0], 3, softmax),
  QLinearGlobalAveragePool: channelsLast(quantized([0], 3, ([x], context) => context.emit('GlobalAveragePool', [x]))),
  QLinearAveragePool: channelsLast(quantized([0], 3, ([x], context, node) => context.emit('AveragePool', [x], node.attributes))),
  QLinearConcat: concat,
  QLinearWhere: where,
  QGemm: gemm,
  MatMulIntegerToFloat: matMulToFloat,
  DynamicQuantizeMatMul: dynamicMatMul,
};

export const quantizedContributed: readonly (readonly [string, readonly UpgradeRow[]])[] =
  Object.entries(upgrades).map(([op, upgrade]) => [
    `com.microsoft::${op}`,
    [{ below: always, upgrade }],
  ]);

function respelled(op: string): Upgrade {
  return (node) => ({ ...node, op });
}

/** The op on real numbers. */
type Compute = (operands: readonly Value[], context: UpgradeContext, node: ImportedNode) => Value;

/** An op of operands that begin at some inputs, each before its scale and zero point, as those of the result are. */
function quantized(operands: readonly number[], result: number, compute: Compute): Upgrade {
  return (node, context) => {
    const numbers = operands.map((at) => dequantized(node, at, context));
    const real = compute(numbers, context, node);
    return requantized(node, real, result, requiredInput(node, operands[0] ?? 0));
  };
}

function dequantized(node: ImportedNode, at: number, context: UpgradeContext): Value {
  const [x, scale] = [requiredInput(node, at), requiredInput(node, at + 1)];
  return context.emit('DequantizeLinear', [x, scale, node.inputs[at + 2]]);
}

/** Without a zero point, the result is of the type of `like`. */
function requantized(node: ImportedNode, real: Value, at: number, like: Value): ImportedNode {
  const [scale, zero] = [requiredInput(node, at), node.inputs[at + 1]];
  const dtype = like.type?.dtype ?? 'uint8';
  const attributes = zero === undefined ? { output_dtype: dtypes[dtype].code } : {};
  return respell(node, 'QuantizeLinear', [real, scale, zero], attributes);
}

function softmax(...[[x], context, node]: Parameters<Compute>): Value {
  const axis = written(node, 'axis', 'int') ?? -1;
  const opset = written(node, 'opset', 'int') ?? 13;
  const rank = x?.type?.dims.length;
  // Before opset 13 all axes from that one on were one, which of the last axis says the same.
  if (opset < 13 && axis !== -1 && axis + 1 !== rank) {
    throw context.unsupported(`takes the axes from ${axis} on together`);
  }
  return context.emit('Softmax', [x], { axis });
}

/** Between transpositions where the channels are the last axis. */
function channelsLast(upgrade: Upgrade): Upgrade {
  return (node, context) => {
    const bare = without(node, 'channels_last');
    if (!written(node, 'channels_last', 'int')) return upgrade(bare, context);
    const x = requiredInput(node, 0);
    const rank = x.type?.dims.length;
    if (rank === undefined)
      throw context.unsupported('has channels last in a tensor of unknown rank');
    const spatial = Array.from({ length: rank - 2 }, (_, i) => i + 1);
    const first = context.emit('Transpose', [x], { perm: [0, rank - 1, ...spatial] });
    const turned = upgrade({ ...bare, inputs: bare.inputs.with(0, first) }, context);
    if (turned === undefined) return undefined;
    const result = context.emit(turned.op, turned.inputs, turned.attributes);
    const back = [0, ...spatial.map((axis) => axis + 1), 1];
    return respell(node, 'Transpose', [result], { perm: back });
  };
}

/** `y_scale, y_zero_point, (x, scale, zero_point)…` */
function concat(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const parts: Value[] = [];
  for (let at = 2; at < node.inputs.length; at += 3) parts.push(dequantized(node, at, context));
  const whole = context.emit('Concat', parts, node.attributes);
  return requantized(node, whole, 0, requiredInput(node, 2));
}

/** `condition, x, scale, zero_point, y, scale, zero_point, z_scale, z_zero_point` */
function where(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [x, y] = [dequantized(node, 1, context), dequantized(node, 4, context)];
  const chosen = context.emit('Where', [requiredInput(node, 0), x, y]);
  return requantized(node, chosen, 7, requiredInput(node, 1));
}

/** `alpha · a_scale · b_scale · ((A − a_zero) (B − b_zero) + C)`, quantised where there is a scale for it. */
function gemm(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [a, b] = [0, 3].map((at, i) => {
    const matrix = requiredInput(node, at);
    const isTurned = written(node, i === 0 ? 'transA' : 'transB', 'int');
    return isTurned ? context.emit('Transpose', [matrix], { perm: [1, 0] }) : matrix;
  });
  const product = context.emit('MatMulInteger', [a, b, node.inputs[2], node.inputs[5]]);
  const bias = node.inputs[6];
  const sum = bias ? context.emit('Add', [product, bias]) : product;
  const scale = requiredInput(node, 1);
  const alpha = written(node, 'alpha', 'float') ?? 1;
  const scales = context.emit('Mul', [scale, requiredInput(node, 4)]);
  const factor =
    alpha === 1 ? scales : context.emit('Mul', [scales, scalarLike(alpha, scale, context)]);
  const numbers = [floatLike(sum, scale, context), factor];
  if (node.inputs[7] === undefined) return respell(node, 'Mul', numbers);
  const real = context.emit('Mul', numbers);
  return requantized(node, real, 7, requiredInput(node, 0));
}

/** `A, B, a_scale, b_scale, a_zero_point, b_zero_point, bias` */
function matMulToFloat(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [a, b, aScale, bScale, aZero, bZero, bias] = node.inputs;
  return scaledProduct(node, context, { a, b, aScale, bScale, aZero, bZero, bias });
}

/** `A, B, b_scale, b_zero_point, bias`, A quantised by what it holds. */
function dynamicMatMul(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [x, b, bScale, bZero, bias] = node.inputs;
  const [a, aScale, aZero] = context.emitAll(3, 'DynamicQuantizeLinear', [x]);
  return scaledProduct(node, context, { a, b, aScale, bScale, aZero, bZero, bias });
}

type Names = 'a' | 'b' | 'aScale' | 'bScale' | 'aZero' | 'bZero' | 'bias';

function scaledProduct(
  node: ImportedNode,
  context: UpgradeContext,
  { a, b, aScale, bScale, aZero, bZero, bias }: Readonly<Record<Names, Value | undefined>>,
): ImportedNode {
  if (aScale === undefined) throw context.unsupported('lacks a scale');
  const product = context.emit('MatMulInteger', [a, b, aZero, bZero]);
  const factor = context.emit('Mul', [aScale, bScale]);
  const numbers = [floatLike(product, aScale, context), factor];
  if (bias === undefined) return respell(node, 'Mul', numbers);
  return respell(node, 'Add', [context.emit('Mul', numbers), bias]);
}

function floatLike(value: Value, like: Value, context: UpgradeContext): Value {
  return context.emit('CastLike', [value, like]);
}

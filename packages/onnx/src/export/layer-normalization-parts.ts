/**
 * Layer normalisation for the opsets that have no op for it, in the parts and in the order that
 * PyTorch's exporter writes, which engines know how to put together again.
 */

import {
  type DType,
  dtypeFromCode,
  type Node,
  requiredAttribute,
  typedArrayOf,
  type Value,
} from '@whittle/ir';
import { dataTypeOf } from '../data-type.js';
import { scalarTensor } from '../scalar-tensor.js';
import { Composer, type Operand } from './composer.js';
import { ints } from './form.js';

/** How to write one op after the other, and the mean over the axes in question. */
export interface PartsWriter {
  apply(op: string, ...operands: readonly Operand[]): Value;
  mean(x: Value): Value;
}

export interface NormalizationParts {
  readonly mean: Value;
  readonly deviation: Value;
  readonly normal: Value;
}

/** `(x - mean) / √(variance + epsilon)` */
export function writeNormalization(
  writer: PartsWriter,
  x: Value,
  epsilon: number,
): NormalizationParts {
  const mean = writer.mean(x);
  const centred = writer.apply('Sub', x, mean);
  const variance = writer.mean(writer.apply('Pow', centred, 2));
  const deviation = writer.apply('Sqrt', writer.apply('Add', variance, epsilon));
  return { mean, deviation, normal: writer.apply('Div', centred, deviation) };
}

/** The normalisation, then `· scale + bias`; undefined where the rank of x is not known. */
export function layerNormalizationByParts(node: Node): readonly Node[] | undefined {
  const [x, scale, bias] = node.inputs;
  const [y, meanOutput, inverseOutput] = node.outputs;
  const stash = dtypeFromCode(requiredAttribute(node, 'stash_type', 'int'));
  if (x?.type === undefined || stash === undefined) return undefined;
  const { dtype, dims } = x.type;
  const composer = new Composer(node, stash);
  const axes = ints(normalizedAxes(node, dims.length));
  const writer: PartsWriter = {
    apply: (op, ...operands) => composer.apply(op, ...operands),
    mean: (value) => composer.applyWith('ReduceMean', { axes }, value),
  };
  const cast = (value: Value, to: DType) =>
    dtype === stash ? value : composer.applyWith('Cast', { to: dataTypeOf(to) }, value);

  const epsilon = requiredAttribute(node, 'epsilon', 'float');
  const { mean, deviation, normal } = writeNormalization(writer, cast(x, stash), epsilon);
  const results: [Value, Value | undefined][] = [[mean, meanOutput]];
  if (inverseOutput) results.push([composer.apply('Reciprocal', deviation), inverseOutput]);
  let result = cast(normal, dtype);
  if (!isOnes(scale)) result = composer.apply('Mul', result, scale);
  if (bias !== undefined) result = composer.apply('Add', result, bias);
  return composer.giving([...results, [result, y]]);
}

/** Counted from the front, as they had to be before opset 11. */
function normalizedAxes(node: Node, rank: number): readonly number[] {
  const axis = requiredAttribute(node, 'axis', 'int');
  const first = axis < 0 ? axis + rank : axis;
  return Array.from({ length: rank - first }, (_, i) => first + i);
}

export function isOnes(value: Value | undefined): boolean {
  const tensor = value?.constant;
  if (tensor === undefined) return false;
  const [one] = typedArrayOf(scalarTensor(tensor.dtype, 1));
  return typedArrayOf(tensor).every((element: number | bigint) => element === one);
}

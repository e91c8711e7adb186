/**
 * Layer normalisation over the channels of an image, for opsets that have no op for it. What is
 * written in parts can run over the second axis as well as over the last, so nothing is turned.
 */

import {
  any,
  constant,
  int64Tensor,
  type Match,
  type Node,
  node,
  op,
  optionalAttribute,
  type Replacement,
  type RewriteRule,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import { isOnes, type PartsWriter, writeNormalization } from './layer-normalization-parts.js';

export const channelNormalizationRule: RewriteRule = {
  algebra: 'turn_back(layer_norm(turn(x))) → the parts of layer_norm over the channels of x',
  pattern: op(
    'Transpose',
    node('norm', 'LayerNormalization', node('turn', 'Transpose', any('x')), constant('scale')),
  ),
  guard: (match) => isOverChannels(match),
  build,
};

/** Whether [N, C, …] is turned to [N, …, C], normalised along its last axis alone, and turned back. */
function isOverChannels(match: Match): boolean {
  const { type } = match.value('x');
  if (type?.dtype !== 'float32') return false;
  const norm = match.node('norm');
  const rank = type.dims.length;
  const axis = requiredAttribute(norm, 'axis', 'int');
  const isAlongLast = axis === -1 || axis === rank - 1;
  const isInFloat32 = requiredAttribute(norm, 'stash_type', 'int') === 1;
  const there = (i: number) => (i === 0 ? 0 : i === rank - 1 ? 1 : i + 1);
  const back = (i: number) => (i === 0 ? 0 : i === 1 ? rank - 1 : i - 1);
  return (
    isAlongLast && isInFloat32 && hasPerm(match.node('turn'), there) && hasPerm(match.root, back)
  );
}

function hasPerm(transpose: Node, axisAt: (i: number) => number): boolean {
  return (
    optionalAttribute(transpose, 'perm', 'ints')?.every((axis, i) => axis === axisAt(i)) === true
  );
}

function build(match: Match, rewriter: Rewriter): Replacement | undefined {
  const x = match.value('x');
  const norm = match.node('norm');
  const [, scale, shift] = norm.inputs;
  const factors = channelwise(scale, x, rewriter);
  const summands = channelwise(shift, x, rewriter);
  if (factors === undefined || (shift !== undefined && summands === undefined)) return undefined;
  const channels = rewriter.constant(int64Tensor([1]), 'channels');
  const operand = (o: Value | number | undefined) =>
    typeof o === 'number' ? rewriter.scalar('float32', o) : o;
  const writer: PartsWriter = {
    apply: (name, ...operands) => rewriter.op(name, operands.map(operand)),
    mean: (value) => rewriter.op('ReduceMean', [value, channels]),
  };
  const { normal } = writeNormalization(writer, x, requiredAttribute(norm, 'epsilon', 'float'));
  const scaled = isOnes(scale) ? normal : rewriter.op('Mul', [normal, factors]);
  return summands === undefined ? scaled : rewriter.op('Add', [scaled, summands]);
}

/** A constant [C] that broadcasts along the channels of x; undefined for others. */
function channelwise(value: Value | undefined, x: Value, rewriter: Rewriter): Value | undefined {
  const tensor = value?.constant;
  if (value === undefined || tensor?.dims.length !== 1) return undefined;
  const pixelAxes = (x.type?.dims.length ?? 2) - 2;
  const dims = [...tensor.dims, ...Array<number>(pixelAxes).fill(1)];
  return rewriter.constant({ ...tensor, dims }, value.name);
}

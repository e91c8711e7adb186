/**
 * Chains that compute on the last axis of an image, [N, …, C], pixel by pixel: products with a
 * constant matrix, and elementwise ops with constants that are the same for all pixels.
 */

import {
  type Dim,
  dimsEqual,
  elementCount,
  type Node,
  optionalAttribute,
  type RewriteContext,
  type Tensor,
  traitsOf,
  type Value,
} from '@whittle/ir';
import { floatsOf } from './floats.js';

export interface ChannelsLastChain {
  /** What the chain begins with. */
  readonly x: Value;
  /** Its nodes, in order of execution; none of their results is read by anything else. */
  readonly steps: readonly Node[];
}

/** The longest chain that ends with `value`, which something outside of it reads once. */
export function chainEndingWith(value: Value, context: RewriteContext): ChannelsLastChain {
  const steps: Node[] = [];
  let x = value;
  for (;;) {
    const node = context.useCount(x) === 1 ? context.producerOf(x) : undefined;
    const before = node && operandOf(node);
    if (node === undefined || before === undefined) return { x, steps: steps.toReversed() };
    steps.push(node);
    x = before;
  }
}

/** [N, …, C] to [N, C, …], for images: sequences are multiplied in the order that attention wants. */
export function turnsToChannelsFirst(node: Node): boolean {
  const rank = node.inputs[0]?.type?.dims.length ?? 0;
  if (node.op !== 'Transpose' || rank < 4) return false;
  const perm = optionalAttribute(node, 'perm', 'ints');
  return perm?.every((axis, i) => axis === (i === 0 ? 0 : i === 1 ? rank - 1 : i - 1)) === true;
}

/** The one input of a step that is not a constant; undefined for what is no step. */
function operandOf(node: Node): Value | undefined {
  return isChannelProduct(node) ? node.inputs[0] : elementwiseOperand(node);
}

/** Whether a node mixes the channels of each pixel by a matrix of its own. */
export function isChannelProduct(node: Node): boolean {
  const [x, matrix] = node.inputs;
  const hasPixels = (x?.type?.dims.length ?? 0) >= 3;
  const isMatrix = matrix?.constant?.dims.length === 2 && floatsOf(matrix.constant)?.length !== 0;
  const isPlain = optionalAttribute(node, 'activation', 'string') === undefined;
  return node.op === 'MatMul' && hasPixels && isMatrix && isPlain;
}

function elementwiseOperand(node: Node): Value | undefined {
  if (traitsOf(node.op).fusion !== 'elementwise') return undefined;
  const [operand, ...others] = node.inputs.filter((input) => input && !input.constant);
  const dims = operand?.type?.dims;
  if (dims === undefined || others.length > 0) return undefined;
  const keepsDims = dimsEqual(dims, node.outputs[0]?.type?.dims ?? []);
  const constants = node.inputs.flatMap((input) => input?.constant ?? []);
  return keepsDims && constants.every((tensor) => alongChannels(tensor, dims))
    ? operand
    : undefined;
}

/**
 * A constant that holds one number, or one for each channel, of [N, …, C] as it broadcasts to
 * [N, C, …]; undefined for others.
 */
export function alongChannels(tensor: Tensor, dims: readonly Dim[]): Tensor | undefined {
  const count = elementCount(tensor.dims);
  if (count === 1) return tensor.dims.length === 0 ? tensor : { ...tensor, dims: [] };
  if (tensor.dims.at(-1) !== count || count !== dims.at(-1)) return undefined;
  const pixelAxes = dims.length - 2;
  return { ...tensor, dims: [count, ...Array<number>(pixelAxes).fill(1)] };
}

/** What a convolution costs, read off the types of its operands. */

import { type Node, productOfDims, type Value } from '@whittle/ir';

/** Multiply-adds: each output element is a product over the filter's dims behind the first. */
export function macsOfConv(conv: Node): number {
  const [filters = 1] = dimsOf(conv.inputs[1]);
  return elementsOf(conv.outputs[0]) * (elementsOf(conv.inputs[1]) / filters);
}

export function elementsOf(value: Value | undefined): number {
  return Number(productOfDims(value?.type?.dims ?? []));
}

export function dimsOf(value: Value | undefined): readonly number[] {
  return (value?.type?.dims ?? []).map(Number);
}

/** Of tensors of float32. */
export function bytesOf(value: Value | undefined): number {
  return 4 * elementsOf(value);
}

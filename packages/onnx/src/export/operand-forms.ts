/** Older forms of Clip, Pad, Split and the softmax family, each where it can say the same. */

import {
  int64Tensor,
  integersOf,
  isBound,
  isFloat,
  type Node,
  optionalAttribute,
} from '@whittle/ir';
import { scalarNumber } from '../scalar-tensor.js';
import { constantOf, ints, withAttributes, withoutAttributes } from './form.js';

/** Opsets 6 to 10: floats only, and both bounds fixed. */
export function clipByAttributes(node: Node): readonly Node[] | undefined {
  const [x, ...bounds] = node.inputs;
  if (x?.type === undefined || !isFloat(x.type.dtype)) return undefined;
  const attributes: [string, { kind: 'float'; value: number }][] = [];
  for (const [i, name] of ['min', 'max'].entries()) {
    if (bounds[i] === undefined) continue;
    const value = scalarNumber(bounds[i]?.constant);
    if (value === undefined) return undefined;
    attributes.push([name, { kind: 'float', value }]);
  }
  return [withAttributes({ ...node, inputs: [x] }, Object.fromEntries(attributes))];
}

/** Opsets 11 to 18: pads for every axis, and no `wrap`. */
export function padByInputs(node: Node): readonly Node[] | undefined {
  if (node.inputs[3] !== undefined || wraps(node)) return undefined;
  return [node];
}

/** Opsets 2 to 10: floats only, and fixed pads and fill. */
export function padByAttributes(node: Node): readonly Node[] | undefined {
  const [x, pads, fill, axes] = node.inputs;
  if (x?.type === undefined || !isFloat(x.type.dtype)) return undefined;
  const numbers = integersOf(pads);
  const value = fill === undefined ? 0 : scalarNumber(fill.constant);
  if (numbers === undefined || value === undefined || axes !== undefined || wraps(node)) {
    return undefined;
  }
  const attributes = { pads: ints(numbers), value: { kind: 'float', value } } as const;
  return [withAttributes({ ...node, inputs: [x] }, attributes)];
}

function wraps(node: Node): boolean {
  return optionalAttribute(node, 'mode', 'string') === 'wrap';
}

/** Opsets 13 to 17 tell the number of parts by the outputs, and want them equal. */
export function splitByOutputs(node: Node): readonly Node[] | undefined {
  const bare = withoutAttributes(node, 'num_outputs');
  if (node.inputs[1] !== undefined) return [bare];
  const lengths = equalParts(node);
  if (lengths === undefined) return undefined;
  if (lengths.every((length) => length === lengths[0])) return [bare];
  const split = constantOf(`${node.outputs[0]?.name ?? ''}_split`, int64Tensor(lengths));
  return [{ ...bare, inputs: [node.inputs[0], split] }];
}

/** Opsets 2 to 12 have the lengths as an attribute. */
export function splitByAttribute(node: Node): readonly Node[] | undefined {
  const lengths = node.inputs[1] === undefined ? equalParts(node) : integersOf(node.inputs[1]);
  if (lengths === undefined) return undefined;
  const bare = withoutAttributes({ ...node, inputs: [node.inputs[0]] }, 'num_outputs');
  return [withAttributes(bare, { split: ints(lengths) })];
}

/** The lengths of `num_outputs` parts, the last of which is shorter where they do not divide. */
function equalParts(node: Node): readonly number[] | undefined {
  const dims = node.inputs[0]?.type?.dims ?? [];
  const axis = optionalAttribute(node, 'axis', 'int') ?? 0;
  const size = dims.at(axis);
  if (size === undefined || !isBound(size)) return undefined;
  const count = node.outputs.length;
  const length = Math.ceil(size / count);
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(length, size - i * length)));
}

/**
 * Opsets 1 to 12 take all axes from `axis` on as one, which is the same where those behind it are of
 * size 1. The axis is always written, as its default was another.
 */
export function overTwoAxes(node: Node): readonly Node[] | undefined {
  const dims = node.inputs[0]?.type?.dims;
  const axis = optionalAttribute(node, 'axis', 'int');
  if (dims === undefined || axis === undefined) return undefined;
  const at = axis < 0 ? axis + dims.length : axis;
  if (dims.slice(at + 1).some((dim) => dim !== 1)) return undefined;
  return [withAttributes(node, { axis: { kind: 'int', value: at } })];
}

/** Opsets 17 to 19 have the axis of a DFT as an attribute, and no inverse of half a spectrum. */
export function dftByAxis(node: Node): readonly Node[] | undefined {
  const [x, length, axisInput] = node.inputs;
  const [axis] = axisInput === undefined ? [-2] : (integersOf(axisInput) ?? []);
  const rank = x?.type?.dims.length;
  const says = (name: string): boolean => (optionalAttribute(node, name, 'int') ?? 0) !== 0;
  if (axis === undefined || rank === undefined || (says('inverse') && says('onesided'))) {
    return undefined;
  }
  const inputs = length === undefined ? [x] : [x, length];
  const value = axis < 0 ? axis + rank : axis;
  return [withAttributes({ ...node, inputs }, { axis: { kind: 'int', value } })];
}

/**
 * The forms of ops on quantized tensors, whose elements have always been bytes: opset 13 gave them scales of
 * an axis, 19 other floats than float32, 21 blocks and elements of 16 bits, and 23 more choices of types.
 */

import { type DType, elementCount, isBound, type Node } from '@whittle/ir';
import { type Form, says, unchanged } from './form.js';

type Condition = (node: Node) => boolean;

/** Attributes with the defaults that went without saying. */
const lacks =
  (...attributes: readonly (readonly [string, number])[]): Condition =>
  (node) =>
    !attributes.some(([name, value]) => says(node, name, value));

const hasOnly =
  (...allowed: readonly DType[]): Condition =>
  ({ inputs, outputs }) =>
    [...inputs, ...outputs].every((value) => !value?.type || allowed.includes(value.type.dtype));

const isOfOneScale: Condition = ({ inputs: [, scale] }) => {
  const dims = scale?.type?.dims;
  return dims?.every(isBound) === true && elementCount(dims.filter(isBound)) === 1;
};

const all =
  (...conditions: readonly Condition[]): Condition =>
  (node) =>
    conditions.every((holds) => holds(node));

const bytes = ['uint8', 'int8', 'int32'] as const;
const ofBytes = hasOnly(...bytes, 'float32', 'float16', 'bfloat16');
const ofFloat32 = hasOnly(...bytes, 'float32');
const ofWholeTensor = all(ofFloat32, isOfOneScale);
const blocks = ['block_size', 0] as const;
const type = ['output_dtype', 0] as const;
const precision = ['precision', 0] as const;
const saturate = ['saturate', 1] as const;

/** By op, from the newest to the oldest. */
export const quantizedForms: ReadonlyMap<string, readonly Form[]> = new Map([
  [
    'QuantizeLinear',
    [
      unchanged(23),
      unchanged(21, lacks(precision), 'precision'),
      form(19, ofBytes, precision, blocks, type),
      form(13, ofFloat32, precision, blocks, type, saturate),
      form(10, ofWholeTensor, precision, blocks, type, saturate),
    ],
  ],
  [
    'DequantizeLinear',
    [
      unchanged(23),
      form(21, () => true, type),
      form(19, ofBytes, type, blocks),
      form(13, ofFloat32, type, blocks),
      form(10, ofWholeTensor, type, blocks),
    ],
  ],
  ['QLinearMatMul', [unchanged(21), unchanged(10, ofFloat32)]],
]);

/** The axis says nothing where there is one scale. */
function form(
  since: number,
  condition: Condition,
  ...attributes: readonly (readonly [string, number])[]
): Form {
  const dropped = attributes.map(([name]) => name);
  const names = since < 13 ? [...dropped, 'axis'] : dropped;
  return unchanged(since, all(condition, lacks(...attributes)), ...names);
}

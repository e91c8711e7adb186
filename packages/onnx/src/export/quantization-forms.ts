/**
 * The forms of ops on quantised tensors. Unlike others, these say by their form what elements they take,
 * so that small integers make none of them new.
 *
 * Source: the version sections of each op in the ONNX operator changelog.
 */

import { type DType, elementCount, isBound, type Node } from '@whittle/ir';
import { type Form, says, unchanged } from './form.js';

/** What each opset came to take, beside what the opsets before it took. */
const bytes: readonly DType[] = ['uint8', 'int8', 'int32', 'float32'];
const halves: readonly DType[] = [...bytes, 'float16', 'bfloat16'];

const sinceBlocks = ['block_size', 'output_dtype'] as const;

export const quantizationForms: ReadonlyMap<string, readonly Form[]> = new Map([
  [
    'QuantizeLinear',
    [
      unchanged(23),
      unchanged(21, (node) => lacks(node, 'precision'), 'precision'),
      unchanged(19, isWithoutBlocks, 'precision', ...sinceBlocks),
      ...ofBytes('precision', 'saturate', ...sinceBlocks),
    ],
  ],
  [
    'DequantizeLinear',
    [
      unchanged(23),
      unchanged(21, (node) => lacks(node, 'output_dtype'), 'output_dtype'),
      unchanged(19, isWithoutBlocks, ...sinceBlocks),
      ...ofBytes(...sinceBlocks),
    ],
  ],
  ['QLinearMatMul', [unchanged(21), unchanged(10, (node) => isOf(node, bytes))]],
]);

function ofBytes(...later: readonly string[]): readonly Form[] {
  const isOld = (node: Node): boolean => isWithoutBlocks(node) && isOf(node, bytes);
  return [
    unchanged(13, isOld, ...later),
    unchanged(10, (node) => isOld(node) && hasOneScale(node), 'axis', ...later),
  ];
}

/** `saturate` is no matter of integers. */
function isWithoutBlocks(node: Node): boolean {
  return lacks(node, 'precision', ...sinceBlocks) && isOf(node, halves);
}

/** Whether attributes that came later are left out, or say nothing. */
function lacks(node: Node, ...names: readonly string[]): boolean {
  return !names.some((name) => says(node, name, 0));
}

function isOf(node: Node, dtypes: readonly DType[]): boolean {
  return [...node.inputs, ...node.outputs].every(
    (value) => !value?.type || dtypes.includes(value.type.dtype),
  );
}

function hasOneScale({ inputs: [, scale] }: Node): boolean {
  const dims = scale?.type?.dims ?? [];
  return elementCount(dims.map((dim) => (isBound(dim) ? dim : 0))) === 1;
}

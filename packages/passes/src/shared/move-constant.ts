/** Results of ops that only move the elements of a constant: no evaluator is as fast as a copy. */

import { allBound, type Node, optionalAttribute, type Tensor } from '@whittle/ir';
import { floatsOf, tensorOfFloats, transposedMatrix } from './floats.js';

/** Ops that give the same elements in the same order under other dims. */
const reshapes: ReadonlySet<string> = new Set([
  'Identity',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
]);

/** What a node makes of its constant input; undefined for ops that do more, and for other tensors. */
export function moveConstant(node: Node): Tensor | undefined {
  const tensor = node.inputs[0]?.constant;
  const dims = node.outputs[0]?.type?.dims;
  if (tensor === undefined || dims === undefined || !allBound(dims)) return undefined;
  if (reshapes.has(node.op)) return { ...tensor, dims };
  return node.op === 'Transpose' ? transposedTensor(node, tensor) : undefined;
}

function transposedTensor(node: Node, tensor: Tensor): Tensor | undefined {
  const [rows, columns] = tensor.dims;
  const matrix = floatsOf(tensor);
  const perm = optionalAttribute(node, 'perm', 'ints');
  if (matrix === undefined || tensor.dims.length !== 2 || perm?.[0] === 0) return undefined;
  if (rows === undefined || columns === undefined || rows === 0) return undefined;
  return tensorOfFloats([columns, rows], transposedMatrix(matrix, rows));
}

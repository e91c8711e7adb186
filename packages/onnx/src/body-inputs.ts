/**
 * The types of a region's inputs. What flows into the body of a `Loop` or `Scan` is typed by the
 * node around it, more exactly than by what the body declares; that a value carried from one
 * iteration to the next keeps its dims is an assumption that the importer checks afterwards.
 */

import {
  bindDim,
  type Dim,
  dimsEqual,
  type Graph,
  namedDim,
  optionalAttribute,
  type TensorType,
} from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { declaredType } from './input-types.js';
import type { ImportedNode } from './upgrade/upgrade.js';

/** The best guess: carried values keep the dims that they enter with. */
export function bodyInputTypes(
  node: ImportedNode,
  inputs: readonly onnx.IValueInfoProto[],
  bindings: ReadonlyMap<string, Dim>,
): (TensorType | undefined)[] {
  const outer = outerTypes(node);
  return inputs.map((info, i) => outer[i] ?? boundType(declaredType(info), bindings));
}

/** What holds whatever the body does: carried values keep their rank, by what it declares. */
export function looseBodyInputTypes(
  node: ImportedNode,
  inputs: readonly onnx.IValueInfoProto[],
  bindings: ReadonlyMap<string, Dim>,
): (TensorType | undefined)[] {
  const outer = outerTypes(node);
  const carried = carriedInputs(node);
  return inputs.map((info, i) => {
    const type = outer[i];
    if (type !== undefined && !carried.includes(i)) return type;
    const declared = boundType(declaredType(info), bindings);
    if (declared !== undefined || type === undefined) return declared;
    return {
      dtype: type.dtype,
      dims: type.dims.map((_, axis) => namedDim(`${info.name}_${axis}`)),
    };
  });
}

/** Whether each carried value leaves the body with the type it entered with. */
export function carriedTypesHold(
  node: ImportedNode,
  types: readonly (TensorType | undefined)[],
  body: Graph,
): boolean {
  const firstInput = node.op === 'Loop' ? 1 : 0;
  return carriedInputs(node).every((index) => {
    const entered = types[index];
    const left = body.outputs[index - firstInput]?.value.type;
    if (entered === undefined || left === undefined) return true;
    return entered.dtype === left.dtype && dimsEqual(entered.dims, left.dims);
  });
}

function outerTypes(node: ImportedNode): (TensorType | undefined)[] {
  const types = node.inputs.map((input) => input?.type);
  if (node.op === 'Loop') {
    return [{ dtype: 'int64', dims: [] }, { dtype: 'bool', dims: [] }, ...types.slice(2)];
  }
  if (node.op !== 'Scan') return [];
  const states = carriedInputs(node).length;
  const axes = optionalAttribute(node, 'scan_input_axes', 'ints') ?? [];
  return types.map((type, i) => {
    if (type === undefined || i < states) return type;
    const axis = axes[i - states] ?? 0;
    const at = axis < 0 ? axis + type.dims.length : axis;
    return { dtype: type.dtype, dims: type.dims.filter((_, j) => j !== at) };
  });
}

/** The indices of the body's inputs that hold values carried between iterations. */
function carriedInputs(node: ImportedNode): number[] {
  if (node.op === 'Loop') return node.inputs.slice(2).map((_, i) => i + 2);
  if (node.op !== 'Scan') return [];
  const scanned = optionalAttribute(node, 'num_scan_inputs', 'int') ?? 0;
  return node.inputs.slice(0, Math.max(0, node.inputs.length - scanned)).map((_, i) => i);
}

function boundType(
  type: TensorType | undefined,
  bindings: ReadonlyMap<string, Dim>,
): TensorType | undefined {
  return type && { dtype: type.dtype, dims: type.dims.map((dim) => bindDim(dim, bindings)) };
}

/**
 * A node over other inputs, attributes or regions. Its outputs stay the very same values wherever
 * inference says of them what it said before, so that a change ends where its effect on types ends.
 */

import { type Dim, dimsEqual } from './dim.js';
import { CompilerError } from './errors.js';
import type { Attributes, Graph, Node, TensorType, Value } from './graph.js';
import { inferOutputs } from './infer.js';
import type { InferredOutput } from './op-record.js';

export interface NodeChange {
  readonly inputs?: readonly (Value | undefined)[];
  readonly attributes?: Attributes;
  readonly regions?: Readonly<Record<string, Graph>>;
}

/** @throws {CompilerError} `E_INVALID_GRAPH` where the change breaks a rule of the op. */
export function rebuildNode(node: Node, change: NodeChange): Node {
  const changed: Node = { ...node, ...change };
  const inferred = inferOutputs(changed);
  if (inferred === undefined) return changed;
  const outputs = node.outputs.map((output, i) => output && retypeValue(output, inferred[i]));
  return outputs.every((output, i) => output === node.outputs[i])
    ? changed
    : { ...changed, outputs };
}

/** Whether both say the same of a value: dtype, dims, and the elements where they are known. */
export function typesEqual(a: TensorType | undefined, b: TensorType | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.dtype === b.dtype && dimsEqual(a.dims, b.dims);
}

function retypeValue(value: Value, inferred: InferredOutput | undefined): Value {
  if (inferred === undefined) {
    throw new CompilerError('E_INTERNAL', `Inference no longer gives the output ${value.name}.`, {
      where: { tensor: value.name },
    });
  }
  if (typesEqual(value.type, inferred) && elementsEqual(value.elements, inferred.elements)) {
    return value;
  }
  const type = { dtype: inferred.dtype, dims: inferred.dims };
  return inferred.elements === undefined
    ? { name: value.name, type }
    : { name: value.name, type, elements: inferred.elements };
}

function elementsEqual(a: readonly Dim[] | undefined, b: readonly Dim[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return dimsEqual(a, b);
}

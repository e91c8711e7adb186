/**
 * Making nodes. `createNode` is the one place where a node comes into being, so every output of
 * every node, imported, built or rewritten, has the type that inference gives it.
 */

import { type AttributeLiterals, attributesFrom } from './attributes.js';
import { CompilerError } from './errors.js';
import type { Graph, Node, Value } from './graph.js';
import { inferOutputs } from './infer.js';

export interface NodeSpec {
  readonly op: string;
  readonly name?: string;
  /** Absent ones at the end are left off. */
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes?: AttributeLiterals;
  readonly regions?: Readonly<Record<string, Graph>>;
  /** The names of the outputs, each unique in the graph; undefined for one that is not asked for. */
  readonly outputs: readonly (string | undefined)[];
}

/** @throws {CompilerError} `E_INVALID_GRAPH` where the inputs break a rule of the op. */
export function createNode(spec: NodeSpec): Node {
  const untyped: Node = {
    op: spec.op,
    name: spec.name ?? '',
    inputs: spec.inputs.slice(0, spec.inputs.findLastIndex((input) => input) + 1),
    outputs: spec.outputs.map((name) =>
      name === undefined ? undefined : { name, type: undefined },
    ),
    attributes: attributesFrom(spec.op, spec.attributes ?? {}),
    regions: spec.regions ?? {},
  };
  const inferred = inferOutputs(untyped);
  if (inferred === undefined) return untyped;
  const outputs = untyped.outputs.map((output, i): Value | undefined => {
    if (output === undefined) return undefined;
    const result = inferred[i];
    if (result === undefined) {
      throw new CompilerError('E_INVALID_GRAPH', `${spec.op} has no output ${i}.`, {
        where: { node: untyped.name, op: spec.op },
      });
    }
    const type = { dtype: result.dtype, dims: result.dims };
    return result.elements === undefined
      ? { name: output.name, type }
      : { name: output.name, type, elements: result.elements };
  });
  return { ...untyped, outputs };
}

/** A node's first output. @throws {CompilerError} `E_INTERNAL` if nobody asked for it. */
export function firstOutput(node: Node): Value {
  const [output] = node.outputs;
  if (output === undefined) {
    throw new CompilerError('E_INTERNAL', `${node.op} has no first output.`, {
      where: { node: node.name, op: node.op },
    });
  }
  return output;
}

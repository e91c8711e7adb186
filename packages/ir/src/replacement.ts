/** What becomes of a finished rewrite before it enters the graph: its names, and a check of its types. */

import { isBound } from './dim.js';
import { CompilerError } from './errors.js';
import type { Node, Value } from './graph.js';
import { rebuildNode } from './rebuild-node.js';
import type { RewriterSession } from './rewriter.js';

/** What a finished rewrite puts into the graph. */
export interface Rewritten {
  readonly nodes: readonly Node[];
  /** One for each output of the root. */
  readonly replacements: readonly (Value | undefined)[];
}

/**
 * Gives the new values that replace the root's outputs the root's names, so that dumps before and
 * after a pass can be compared. A value that was there before keeps its own name.
 */
export function keepNames(
  root: Node,
  { built, constants }: RewriterSession,
  replacements: readonly (Value | undefined)[],
): Rewritten {
  if (built.some((node) => Object.keys(node.regions).length > 0))
    return { nodes: built, replacements };
  const names = new Map<Value, string>();
  const renamed = new Map<Value, Value>();
  root.outputs.forEach((output, i) => {
    const replacement = replacements[i];
    if (!output || !replacement || names.has(replacement)) return;
    names.set(replacement, output.name);
    if (constants.has(replacement)) renamed.set(replacement, { ...replacement, name: output.name });
  });
  const current = <V extends Value | undefined>(value: V): V | Value =>
    value === undefined ? value : (renamed.get(value) ?? value);
  const nodes = built.map((node) => {
    const inputs = node.inputs.map(current);
    const outputs = node.outputs.map((output): Value | undefined => {
      const name = output && names.get(output);
      return output === undefined || name === undefined ? output : { ...output, name };
    });
    const unchanged =
      inputs.every((input, i) => input === node.inputs[i]) &&
      outputs.every((output, i) => output === node.outputs[i]);
    if (unchanged) return node;
    const rebuilt = rebuildNode({ ...node, inputs, outputs }, {});
    node.outputs.forEach((output, i) => {
      const now = rebuilt.outputs[i];
      if (output && now) renamed.set(output, now);
    });
    return rebuilt;
  });
  return { nodes, replacements: replacements.map(current) };
}

/** @throws {CompilerError} `E_INTERNAL` where a value of one type would replace one of another. */
export function checkReplacement(root: Node, output: Value, replacement: Value): void {
  const before = output.type;
  const after = replacement.type;
  if (before === undefined || after === undefined) return;
  const compatible =
    before.dtype === after.dtype &&
    before.dims.length === after.dims.length &&
    before.dims.every((dim, axis) => {
      const now = after.dims[axis];
      return now === undefined || !isBound(dim) || !isBound(now) || dim === now;
    });
  if (compatible) return;
  throw new CompilerError('E_INTERNAL', `A rewrite of ${root.op} changes the type of its result.`, {
    where: { node: root.name, op: root.op, tensor: output.name },
  });
}

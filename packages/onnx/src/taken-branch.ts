/**
 * An `If` whose condition is known as soon as it is read: only the branch that is taken is imported, where
 * the node stands. The other one need not fit: exporters write what would be wrong for the shapes at hand.
 */

import type { Value } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { defineInitializers } from './define-values.js';
import { defineValue, type ImportSession, lookUp, type Scope } from './import-scope.js';
import { quoted } from './quoted.js';
import { namesReadBy, sortNodes } from './sort-nodes.js';
import { invalid } from './wire-cursor.js';

/** Whether the condition of an `If` is known, from a constant or from inference; undefined where not. */
export function knownCondition(condition: Value | undefined): boolean | undefined {
  if (condition?.type?.dtype !== 'bool') return undefined;
  const [known, ...more] = condition.elements ?? condition.constant?.bytes ?? [];
  return typeof known !== 'number' || more.length > 0 ? undefined : known !== 0;
}

/**
 * Gives `outputs`, names of the scope, what the branch computes.
 * @throws {CompilerError} `E_INVALID_MODEL` where the branch does not define one of them, `E_LIMIT_DEPTH`.
 */
export function takeBranch(
  branch: onnx.IGraphProto,
  outputs: readonly (string | undefined)[],
  scope: Scope,
  session: ImportSession,
  importNode: (node: onnx.INodeProto, scope: Scope, session: ImportSession) => void,
): void {
  const nodes = sortNodes(branch.node ?? []);
  const inner: Scope = {
    ...scope,
    values: new Map(),
    outer: scope,
    keepsNames: false,
    depth: scope.depth + 1,
    used: new Set([
      ...nodes.flatMap(namesReadBy),
      ...(branch.output ?? []).map(({ name }) => name ?? ''),
    ]),
  };
  defineInitializers(branch, inner, session);
  for (const node of nodes) importNode(node, inner, session);
  outputs.forEach((output, i) => {
    const value = lookUp(inner, branch.output?.[i]?.name ?? '');
    if (output === undefined) return;
    if (value !== undefined) defineValue(scope, output, value);
    else throw invalid(`A branch does not define what it gives as ${quoted(output)}.`);
  });
}

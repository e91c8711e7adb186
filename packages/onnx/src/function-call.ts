/**
 * Calls of model-local functions, which are expanded where they stand: the graph knows no calls.
 * A function body sees its own inputs and attributes and nothing of the graph around the call.
 */

import { CompilerError, type ErrorLocation, type Value } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { defineValue, type ImportSession, lookUp, type Scope } from './import-scope.js';
import { opsetOf } from './opset.js';
import { quoted } from './quoted.js';
import { namesReadBy, sortNodes } from './sort-nodes.js';

/**
 * Adds the nodes of function `op` to the scope of the call, which then defines its outputs.
 * @throws {CompilerError} `E_INVALID_MODEL` where the function calls itself or misses an output.
 */
export function callFunction(
  op: string,
  call: onnx.INodeProto,
  inputs: readonly (Value | undefined)[],
  scope: Scope,
  session: ImportSession,
  importNode: (node: onnx.INodeProto, scope: Scope, session: ImportSession) => void,
): void {
  const where = { node: call.name ?? '', op };
  const proto = session.functions.get(op) ?? {};
  checkCalls(op, scope, session, where);
  const nodes = sortNodes(proto.node ?? []);
  const body: Scope = {
    values: new Map(),
    outer: undefined,
    nodes: scope.nodes,
    opset: opsetOf(proto.opsetImport ?? []) ?? scope.opset,
    used: new Set([...nodes.flatMap(namesReadBy), ...(proto.output ?? [])]),
    keepsNames: false,
    references: callAttributes(call, scope, session, where),
    depth: scope.depth,
    calls: [...scope.calls, op],
  };
  for (const [i, name] of (proto.input ?? []).entries()) {
    const value = inputs[i];
    if (value !== undefined) defineValue(body, name, value);
  }
  for (const node of nodes) importNode(dropAbsentInputs(node, proto, body), body, session);
  for (const [i, name] of (call.output ?? []).entries()) {
    if (name === '') continue;
    const value = lookUp(body, proto.output?.[i] ?? '');
    if (value === undefined) {
      throw new CompilerError(
        'E_INVALID_MODEL',
        `Function ${quoted(op)} does not define its output ${i}.`,
        { where },
      );
    }
    defineValue(scope, name, value);
  }
}

/**
 * Attributes with those that refer to an attribute of the call put in place; a reference to one
 * that the call leaves out is left out too.
 */
export function resolveReferences(
  attributes: readonly onnx.IAttributeProto[],
  scope: Scope,
  session: ImportSession,
  where: ErrorLocation,
): onnx.IAttributeProto[] {
  return attributes.flatMap((attribute) => {
    if (!attribute.refAttrName) return [attribute];
    const given = scope.references.get(attribute.refAttrName);
    if (given !== undefined) return [{ ...given, name: attribute.name ?? '' }];
    if (session.functionDefaultsLost) {
      throw new CompilerError(
        'E_UNSUPPORTED_FEATURE',
        `A model-local function relies on a default for its attribute ${quoted(attribute.refAttrName)}.`,
        { hint: 'Inline the functions with onnx.inliner before compiling.', where },
      );
    }
    return [];
  });
}

function callAttributes(
  call: onnx.INodeProto,
  scope: Scope,
  session: ImportSession,
  where: ErrorLocation,
): Map<string, onnx.IAttributeProto> {
  const resolved = resolveReferences(call.attribute ?? [], scope, session, where);
  return new Map(resolved.map((attribute) => [attribute.name ?? '', attribute]));
}

/** An optional input that the call leaves out is absent wherever the body reads it. */
function dropAbsentInputs(
  node: onnx.INodeProto,
  proto: onnx.IFunctionProto,
  body: Scope,
): onnx.INodeProto {
  const isAbsent = (name: string) => proto.input?.includes(name) && !body.values.has(name);
  if (!node.input?.some(isAbsent)) return node;
  return { ...node, input: node.input.map((name) => (isAbsent(name) ? '' : name)) };
}

function checkCalls(op: string, scope: Scope, session: ImportSession, where: ErrorLocation): void {
  if (scope.calls.includes(op)) {
    throw new CompilerError('E_INVALID_MODEL', `Function ${quoted(op)} calls itself.`, { where });
  }
  if (scope.calls.length >= session.limits.depth) {
    throw new CompilerError(
      'E_LIMIT_DEPTH',
      `Functions call each other more than ${session.limits.depth} levels deep.`,
      { where },
    );
  }
}

/**
 * A `GraphProto` to a graph: names become values, nodes are put in order, upgraded to the newest
 * meaning of their op and typed. Subgraphs become regions that read the values around them, and
 * calls of model-local functions become the nodes of the function.
 */

import {
  CompilerError,
  type ErrorLocation,
  type Graph,
  type Tensor,
  type TensorType,
  type Value,
} from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { attributesFromProto } from './attribute-proto.js';
import { bodyInputTypes, carriedTypesHold, looseBodyInputTypes } from './body-inputs.js';
import { constantTensor } from './constant-node.js';
import { defineConstant, defineInitializers, defineNode, upgradeContext } from './define-values.js';
import { callFunction, resolveReferences } from './function-call.js';
import {
  countNode,
  defineValue,
  type ImportSession,
  lookUp,
  type Scope,
  valueName,
} from './import-scope.js';
import { opName } from './op-name.js';
import { quoted } from './quoted.js';
import { namesReadBy, sortNodes } from './sort-nodes.js';
import { knownCondition, takeBranch } from './taken-branch.js';
import type { ImportedNode } from './upgrade/upgrade.js';
import { upgradeNode } from './upgrade/upgrade-node.js';

/**
 * `inputTypes` has one entry for each input of `proto`; `constants` says what some of them always
 * hold. An input that is an initializer too is a
 * constant: that is how early IR versions list their weights, and a default that a caller may
 * override would keep every pass from looking at it.
 * @throws {CompilerError} as `importOnnx` does.
 */
export function importGraph(
  proto: onnx.IGraphProto,
  inputTypes: readonly (TensorType | undefined)[],
  session: ImportSession,
  around: Pick<Scope, 'opset'> & Partial<Scope>,
  constants: ReadonlyMap<string, Tensor> = new Map(),
): Graph {
  const nodes = sortNodes(proto.node ?? []);
  const scope: Scope = {
    keepsNames: false,
    references: new Map(),
    calls: [],
    depth: 0,
    ...around,
    values: new Map(),
    outer: around.outer,
    nodes: [],
    used: usedNames(nodes, proto.output ?? []),
  };
  defineInitializers(proto, scope, session);
  for (const [name, tensor] of constants) defineConstant(scope, session, name, tensor);
  const inputs = defineInputs(proto.input ?? [], inputTypes, scope, session);
  for (const node of nodes) importNode(node, scope, session);
  return {
    name: proto.name ?? '',
    inputs,
    outputs: outputsOf(proto.output ?? [], scope),
    nodes: scope.nodes,
    metadata: {},
  };
}

function defineInputs(
  infos: readonly onnx.IValueInfoProto[],
  types: readonly (TensorType | undefined)[],
  scope: Scope,
  session: ImportSession,
): Value[] {
  const inputs: Value[] = [];
  const seen = new Set<string>();
  for (const [i, info] of infos.entries()) {
    const name = info.name ?? '';
    const isDefault = scope.values.has(name) && !seen.has(name);
    seen.add(name);
    if (isDefault) continue;
    const value: Value = { name: valueName(scope, session, name), type: types[i] };
    defineValue(scope, name, value);
    inputs.push(value);
  }
  return inputs;
}

function outputsOf(infos: readonly onnx.IValueInfoProto[], scope: Scope): Graph['outputs'] {
  const seen = new Set<string>();
  return infos.map((info) => {
    const name = info.name ?? '';
    const value = lookUp(scope, name);
    if (value === undefined || seen.has(name)) {
      const problem = value === undefined ? 'is not defined by anything' : 'is listed twice';
      throw new CompilerError('E_INVALID_MODEL', `Graph output ${quoted(name)} ${problem}.`, {
        where: { tensor: name },
      });
    }
    seen.add(name);
    return { name, value };
  });
}

function importNode(proto: onnx.INodeProto, scope: Scope, session: ImportSession): void {
  const op = opName(proto);
  const where: ErrorLocation = { node: proto.name ?? '', op };
  const inputs = inputsOf(proto, scope, where);
  if (session.functions.has(op)) {
    countNode(session);
    callFunction(op, proto, inputs, scope, session, importNode);
    return;
  }
  const protos = resolveReferences(proto.attribute ?? [], scope, session, where);
  const { attributes, graphs } = attributesFromProto(protos, session.source, where);
  const outputs = (proto.output ?? []).map((name) => (name === '' ? undefined : name));
  if (op === 'Constant') {
    countNode(session);
    const [output] = outputs;
    if (output !== undefined) {
      defineConstant(scope, session, output, constantTensor(attributes, where));
    }
    return;
  }
  const condition = op === 'If' ? knownCondition(inputs[0]) : undefined;
  const taken = new Map(graphs).get(condition ? 'then_branch' : 'else_branch');
  if (condition !== undefined && taken !== undefined) {
    countNode(session);
    requireDepth(scope, session, where);
    takeBranch(taken, outputs, scope, session, importNode);
    return;
  }
  const bare: ImportedNode = {
    op,
    name: proto.name ?? '',
    inputs,
    attributes,
    outputs,
    regions: {},
  };
  const regions = [...graphs].map(([name, graph]): [string, Graph] => [
    name,
    importBranchOrBody(graph, bare, scope, session),
  ]);
  const node = { ...bare, regions: Object.fromEntries(regions) };
  const upgraded = upgradeNode(node, scope.opset, upgradeContext(node, scope, session));
  if (upgraded !== undefined) defineNode(upgraded, scope, session);
}

function inputsOf(
  proto: onnx.INodeProto,
  scope: Scope,
  where: ErrorLocation,
): (Value | undefined)[] {
  const inputs = (proto.input ?? []).map((name) => {
    if (name === '') return undefined;
    const value = lookUp(scope, name);
    if (value !== undefined) return value;
    throw new CompilerError(
      'E_INVALID_MODEL',
      `${where.op ?? 'A node'} ${quoted(where.node ?? '')} reads ${quoted(name)}, which nothing defines.`,
      { where: { ...where, tensor: name } },
    );
  });
  while (inputs.length > 0 && inputs.at(-1) === undefined) inputs.pop();
  return inputs;
}

/** @throws {CompilerError} as `importGraph` does; of a branch that cannot be typed with what to do. */
function importBranchOrBody(
  proto: onnx.IGraphProto,
  node: ImportedNode,
  scope: Scope,
  session: ImportSession,
): Graph {
  try {
    return importRegion(proto, node, scope, session);
  } catch (error) {
    if (node.op !== 'If' || !(error instanceof CompilerError)) throw error;
    if (error.code !== 'E_INVALID_GRAPH' || error.hint !== undefined) throw error;
    const hint =
      'It is in a branch of an If. Where that is never taken, bind the input that decides: --constant NAME=VALUE.';
    throw new CompilerError(error.code, error.message, { hint, where: error.where, cause: error });
  }
}

function importRegion(
  proto: onnx.IGraphProto,
  node: ImportedNode,
  scope: Scope,
  session: ImportSession,
): Graph {
  const infos = proto.input ?? [];
  requireDepth(scope, session, { node: node.name, op: node.op });
  const around = { ...scope, outer: scope, keepsNames: false, depth: scope.depth + 1 };
  if (!session.looseBodies.has(proto)) {
    const types = bodyInputTypes(node, infos, session.bindings);
    const region = importGraph(proto, types, session, around);
    if (carriedTypesHold(node, types, region)) return region;
    session.looseBodies.add(proto);
  }
  return importGraph(proto, looseBodyInputTypes(node, infos, session.bindings), session, around);
}

function requireDepth(scope: Scope, session: ImportSession, where: ErrorLocation): void {
  if (scope.depth < session.limits.depth) return;
  throw new CompilerError(
    'E_LIMIT_DEPTH',
    `The model nests graphs more than ${session.limits.depth} levels deep.`,
    { where },
  );
}

function usedNames(
  nodes: readonly onnx.INodeProto[],
  outputs: readonly onnx.IValueInfoProto[],
): Set<string> {
  const used = new Set<string>(outputs.map((output) => output.name ?? ''));
  for (const node of nodes) for (const name of namesReadBy(node)) used.add(name);
  return used;
}

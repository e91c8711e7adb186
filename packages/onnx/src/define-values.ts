/** The ways in which the importer brings values into a scope. */

import { CompilerError, createNode, firstOutput, type Node, type Tensor } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { addNode, defineValue, type ImportSession, type Scope, valueName } from './import-scope.js';
import { tensorFromProto } from './tensor-proto.js';
import type { ImportedNode, UpgradeContext } from './upgrade/upgrade.js';

/** Makes a node whose outputs bear names of the model. */
export function defineNode(node: ImportedNode, scope: Scope, session: ImportSession): Node {
  const made = createNode({
    ...node,
    outputs: node.outputs.map((name) =>
      name === undefined ? undefined : valueName(scope, session, name),
    ),
  });
  addNode(scope, session, made);
  for (const [i, name] of node.outputs.entries()) {
    const value = made.outputs[i];
    if (name !== undefined && value !== undefined) defineValue(scope, name, value);
  }
  return made;
}

/** Gives a name of the model to a constant. */
export function defineConstant(
  scope: Scope,
  session: ImportSession,
  name: string,
  tensor: Tensor,
): void {
  const type = { dtype: tensor.dtype, dims: tensor.dims };
  defineValue(scope, name, { name: valueName(scope, session, name), type, constant: tensor });
}

type EmitArguments = Parameters<UpgradeContext['emit']>;

/** Defines the weights of a graph or region. @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for sparse ones. */
export function defineInitializers(
  proto: onnx.IGraphProto,
  scope: Scope,
  session: ImportSession,
): void {
  if ((proto.sparseInitializer ?? []).length > 0) {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', 'The model has sparse initializers.');
  }
  for (const initializer of proto.initializer ?? []) {
    const tensor = tensorFromProto(initializer, session.source);
    defineConstant(scope, session, initializer.name ?? '', tensor);
  }
}

/** What the upgrade rules of a node work with. */
export function upgradeContext(
  node: ImportedNode,
  scope: Scope,
  session: ImportSession,
): UpgradeContext {
  const emitNode = (count: number, ...[op, inputs, attributes = {}]: EmitArguments): Node => {
    const stem = `${node.outputs[0] ?? node.op}_${op}`;
    const outputs = Array.from({ length: count }, () => session.names.fresh(stem));
    const made = createNode({ op, name: node.name, inputs, attributes, outputs });
    addNode(scope, session, made);
    return made;
  };
  return {
    opset: scope.opset,
    emit: (...emitted) => firstOutput(emitNode(1, ...emitted)),
    emitAll: (count, ...emitted) =>
      emitNode(count, ...emitted).outputs.filter((output) => output !== undefined),
    define: (made) => defineNode(made, scope, session),
    constant: (tensor) => ({
      name: session.names.fresh(`${node.outputs[0] ?? node.op}_constant`),
      type: { dtype: tensor.dtype, dims: tensor.dims },
      constant: tensor,
    }),
    isUsed: (name) => name !== undefined && scope.used.has(name),
    unsupported: (problem, hint) =>
      new CompilerError('E_UNSUPPORTED_FEATURE', `${node.op} of opset ${scope.opset} ${problem}.`, {
        where: { node: node.name, op: node.op },
        ...(hint === undefined ? {} : { hint }),
      }),
  };
}

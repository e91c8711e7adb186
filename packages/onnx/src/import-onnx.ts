/**
 * ONNX bytes to a graph, read top to bottom:
 * 1. scan the wire format: after this, nesting and counts are within the limits;
 * 2. decode;
 * 3. type the inputs: after this, all dims are bound that the options bind;
 * 4. import the graph: every node has its newest meaning and, where its op is known, its types;
 * 5. verify it: after this, the model has broken no rule that the IR knows of.
 */

import { type Graph, UniqueNames, verifyGraph } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { decodeModel } from './decode.js';
import { importGraph } from './import-graph.js';
import type { ImportOptions } from './import-options.js';
import type { ImportSession } from './import-scope.js';
import { inputConstants } from './input-constants.js';
import { inputTypes } from './input-types.js';
import { saturatedInt } from './int64.js';
import { defaultLimits } from './limits.js';
import { metadataOf } from './metadata.js';
import { qualifiedName } from './op-name.js';
import { newestOpset, opsetOf } from './opset.js';
import { summarizeProto } from './summarize-proto.js';
import { invalid } from './wire-cursor.js';
import type { UnknownField } from './wire-scan.js';

/**
 * Reads an ONNX model. Weights are views into `bytes`, which must not change afterwards.
 *
 * Ops that Whittle does not know are kept as they are, with outputs of unknown type. The graph's
 * metadata holds what the model says of itself, under the keys of `metadataOf`.
 *
 * @throws {CompilerError} `E_INVALID_MODEL` for what is no ONNX model, `E_INVALID_GRAPH` for a node
 *   that breaks a rule of its op, `E_INVALID_OPTION`, `E_EXTERNAL_DATA`, `E_UNSUPPORTED_FEATURE`,
 *   `E_LIMIT_DEPTH`, `E_LIMIT_COUNT`, `E_LIMIT_SIZE`; nothing else, whatever the bytes.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): Graph {
  const limits = { ...defaultLimits, ...options.limits };
  const onWarning = options.onWarning ?? (() => {});
  const { model, unknownFields } = decodeModel(bytes, limits);
  for (const { message, field } of unknownFields) {
    onWarning(`Field ${field} of ${message} is not known and was left out.`);
  }
  options.onSummary?.(summarizeProto(model));
  const { graph } = model;
  if (!graph) throw invalid('The model has no graph.');
  const opset = checkedOpset(model, onWarning);
  const infos = graph.input ?? [];
  const weights = new Set((graph.initializer ?? []).map((tensor) => tensor.name ?? ''));
  const open = infos.filter((info) => !weights.has(info.name ?? ''));
  const { types, bindings } = inputTypes(open, options);
  const constants = inputConstants(open, types, options.constants ?? {});
  options.onConstants?.(constants);
  const typeByName = new Map(open.map((info, i) => [info.name ?? '', types[i]]));
  const session: ImportSession = {
    limits,
    source: { externalData: options.externalData, onWarning },
    names: new UniqueNames(definedNames(graph)),
    functions: functionsOf(model),
    functionDefaultsLost: unknownFields.some(isFunctionDefaults),
    bindings,
    nodeCount: 0,
    looseBodies: new Set(),
  };
  const imported = importGraph(
    graph,
    infos.map((info) => typeByName.get(info.name ?? '')),
    session,
    { opset, keepsNames: true },
    constants,
  );
  const result = { ...imported, metadata: metadataOf(model) };
  verifyGraph(result);
  return result;
}

/** Models before IR version 3 import no opset and mean the first. */
function checkedOpset(model: onnx.IModelProto, onWarning: (message: string) => void): number {
  const opset = opsetOf(model.opsetImport ?? []);
  if (opset === undefined) {
    const irVersion = saturatedInt(model.irVersion);
    if (irVersion >= 1 && irVersion < 3) return 1;
    const imports = model.opsetImport ?? [];
    if (imports.length === 0) throw invalid('The model does not say which opset it is written in.');
    return newestOpset;
  }
  if (opset < 1) throw invalid(`The model is written in opset ${opset}, which there is none of.`);
  if (opset > newestOpset) {
    onWarning(`The model is of opset ${opset}; it is read as opset ${newestOpset}.`);
  }
  return opset;
}

function functionsOf(model: onnx.IModelProto): Map<string, onnx.IFunctionProto> {
  const functions = new Map<string, onnx.IFunctionProto>();
  for (const proto of model.functions ?? []) {
    const name = qualifiedName(proto.domain ?? '', proto.name ?? '');
    if (functions.has(name)) throw invalid(`Two functions are named ${JSON.stringify(name)}.`);
    functions.set(name, proto);
  }
  return functions;
}

/** All names of the main graph, so that no name made up on the way takes one of them. */
function definedNames(graph: onnx.IGraphProto): Set<string> {
  const names = new Set<string>();
  for (const { name } of graph.input ?? []) names.add(name ?? '');
  for (const { name } of graph.initializer ?? []) names.add(name ?? '');
  for (const node of graph.node ?? []) for (const name of node.output ?? []) names.add(name);
  return names;
}

function isFunctionDefaults({ message, field }: UnknownField): boolean {
  return message === 'FunctionProto' && field === 11;
}

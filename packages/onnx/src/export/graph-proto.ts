/** A graph to a `GraphProto`: nodes in the forms of one opset, constants as initializers. */

import type { Attribute, Graph, Node, UniqueNames, Value } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { splitName } from '../op-name.js';
import { utf8Of } from '../proto.js';
import { writeNode } from './choose-form.js';
import { expandFused } from './expand-fused.js';
import { tensorProto, valueInfo } from './tensor-type-proto.js';
import type { ValueNames } from './value-names.js';

/** What one export shares between the main graph and its regions. */
export interface ExportSession {
  readonly opset: number;
  /** The opset that the graph came in. */
  readonly source: number;
  readonly names: ValueNames;
  /** Names of nodes are for people, but engines refuse a file where two are the same. */
  readonly nodeNames: UniqueNames;
  /** Constants met so far; all of them become initializers of the main graph. */
  readonly constants: Set<Value>;
  readonly domains: Set<string>;
}

/** Regions nest no deeper than 64 levels in a valid graph, so this may recurse. */
export function graphProto(graph: Graph, session: ExportSession): onnx.IGraphProto {
  const node = graph.nodes.flatMap((each) => nodeProtos(each, session));
  const output = graph.outputs.map(({ name, value }) => {
    const written = session.names.of(value);
    if (session.constants.has(value) || written !== name) {
      noteConstant(value, session);
      node.push({ opType: 'Identity', input: [written], output: [name] });
    }
    return valueInfo(name, value.type);
  });
  return {
    name: graph.name,
    node,
    input: graph.inputs.map((input) => valueInfo(session.names.of(input), input.type)),
    output,
  };
}

function regionProto(region: Graph, session: ExportSession): onnx.IGraphProto {
  session.names.enterRegion(region);
  const produced = new Set(region.nodes.flatMap((node) => node.outputs));
  const seen = new Set<Value>();
  const outputs = region.outputs.map(({ name, value }) => {
    const isOwn = produced.has(value) && !seen.has(value);
    seen.add(value);
    return { name: isOwn ? session.names.of(value) : session.names.fresh(name), value };
  });
  return graphProto({ ...region, outputs }, session);
}

function nodeProtos(node: Node, session: ExportSession): onnx.INodeProto[] {
  return expandFused(node)
    .flatMap((standard) => writeNode(standard, session.opset, session.source))
    .map((written) => nodeProto(written, session));
}

function nodeProto(node: Node, session: ExportSession): onnx.INodeProto {
  const { domain, name } = splitName(node.op);
  session.domains.add(domain);
  const input = node.inputs.map((value) => {
    if (value === undefined) return '';
    noteConstant(value, session);
    return session.names.of(value);
  });
  while (input.at(-1) === '') input.pop();
  const regions = Object.entries(node.regions).map(
    ([key, region]): onnx.IAttributeProto => ({
      name: key,
      type: graphType,
      g: regionProto(region, session),
    }),
  );
  return {
    opType: name,
    ...(domain === '' ? {} : { domain }),
    ...(node.name === '' ? {} : { name: session.nodeNames.fresh(node.name) }),
    input,
    output: node.outputs.map((value) => (value === undefined ? '' : session.names.of(value))),
    attribute: [...attributeProtos(node), ...regions],
  };
}

function noteConstant(value: Value, session: ExportSession): void {
  if (value.constant !== undefined) session.constants.add(value);
}

const graphType = 5;

function attributeProtos(node: Node): onnx.IAttributeProto[] {
  return Object.entries(node.attributes).map(([name, attribute]) => ({
    name,
    ...attributeValue(attribute),
  }));
}

/** The numbers are those of `AttributeProto.AttributeType`. */
function attributeValue(attribute: Attribute): onnx.IAttributeProto {
  switch (attribute.kind) {
    case 'float':
      return { type: 1, f: attribute.value };
    case 'int':
      return { type: 2, i: attribute.value };
    case 'string':
      return { type: 3, s: utf8Of(attribute.value) };
    case 'tensor':
      return { type: 4, t: tensorProto(attribute.value) };
    case 'floats':
      return { type: 6, floats: [...attribute.value] };
    case 'ints':
      return { type: 7, ints: [...attribute.value] };
    case 'strings':
      return { type: 8, strings: attribute.value.map(utf8Of) };
  }
}

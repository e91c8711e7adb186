/**
 * The rules of one node: as many inputs and outputs as its op takes, attributes of the kinds that
 * the op's record gives, outputs of the types that inference gives. Of an op that is not in the
 * table only the attributes can be checked.
 */

import { isOfKind } from './attributes.js';
import { dimsEqual } from './dim.js';
import { CompilerError } from './errors.js';
import type { Attribute, Graph, Node, Value } from './graph.js';
import { inferOutputs } from './infer.js';
import type { Formal, InferredOutput, OpRecord } from './op-record.js';
import { findOp } from './op-table.js';
import { typesEqual } from './rebuild-node.js';
import { formatType } from './text/print-tensor.js';
import { problemOfTensor } from './verify-value.js';

/** @throws {CompilerError} `E_INVALID_GRAPH` */
export function verifyNode(graph: Graph, node: Node): void {
  const refuse: Refuse = (problem) => {
    throw new CompilerError('E_INVALID_GRAPH', `${node.op} ${problem}.`, {
      where: { graph: graph.name, node: node.name, op: node.op },
    });
  };
  verifyAttributes(node, refuse);
  const record = findOp(node.op);
  if (record === undefined) return;
  verifyAgainstRecord(node, record, refuse);
  const inferred = inferOutputs(node);
  if (inferred === undefined) return;
  node.outputs.forEach((output, i) => {
    if (output) verifyOutput(output, inferred[i], refuse);
  });
}

/** Throws, naming the node; the problem continues a sentence that starts with the op. */
type Refuse = (problem: string) => never;

function verifyAgainstRecord(node: Node, record: OpRecord, refuse: Refuse): void {
  verifyCount('inputs', node.inputs, record.inputs, refuse);
  verifyCount('outputs', node.outputs, record.outputs, refuse);
  record.inputs.forEach(({ name, optional, variadic }, i) => {
    if (!optional && !variadic && !node.inputs[i]) refuse(`lacks its input ${i}, ${name}`);
  });
  for (const [name, spec] of Object.entries(record.attributes)) {
    const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
    if (attribute === undefined) {
      if (spec.required) refuse(`lacks its attribute ${name}`);
    } else if (!isOfKind(attribute, spec.kind)) {
      refuse(`takes ${name} as ${spec.kind}, not ${attribute.kind}`);
    }
  }
}

function verifyCount(
  what: string,
  values: readonly (Value | undefined)[],
  formals: readonly Formal[],
  refuse: Refuse,
): void {
  const last = values.findLastIndex((value) => value !== undefined);
  if (last < formals.length || formals.at(-1)?.variadic) return;
  refuse(`has ${last + 1} ${what}, but takes at most ${formals.length}`);
}

function verifyAttributes(node: Node, refuse: Refuse): void {
  for (const [name, attribute] of Object.entries(node.attributes)) {
    const problem = problemOfAttribute(attribute);
    if (problem !== undefined) refuse(`has an attribute ${name} that ${problem}`);
  }
}

function problemOfAttribute(attribute: Attribute): string | undefined {
  switch (attribute.kind) {
    case 'int':
      return Number.isSafeInteger(attribute.value) ? undefined : 'is no integer';
    case 'ints':
      return attribute.value.every(Number.isSafeInteger) ? undefined : 'holds no integers';
    case 'tensor':
      return problemOfTensor(attribute.value);
    case 'float':
    case 'floats':
    case 'string':
    case 'strings':
      return undefined;
  }
}

/** A value may know less of its elements than inference does, but nothing else. */
function verifyOutput(output: Value, inferred: InferredOutput | undefined, refuse: Refuse): void {
  const { name, type, elements } = output;
  if (inferred === undefined) refuse(`has no output for ${JSON.stringify(name)}`);
  if (!typesEqual(type, inferred)) {
    refuse(
      `gives ${JSON.stringify(name)} the type ${formatType(inferred)}, but it bears ${formatType(type)}`,
    );
  }
  if (elements && !(inferred.elements && dimsEqual(elements, inferred.elements))) {
    refuse(`gives ${JSON.stringify(name)} other elements than it bears`);
  }
}

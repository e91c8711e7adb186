/**
 * Reading and writing attributes. An attribute that a node leaves out has the default of its op
 * record; one that is written with another kind than the record says is an invalid graph.
 */

import { CompilerError } from './errors.js';
import type { Attribute, AttributeKind, Attributes, AttributeValues, Node } from './graph.js';
import type { AttributeSpec } from './op-record.js';
import { findOp } from './op-table.js';
import type { Tensor } from './tensor.js';

/** What `GraphBuilder` and rewrites accept for an attribute; the op record gives it its kind. */
export type AttributeLiteral =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | Tensor
  | Attribute;

export type AttributeLiterals = Readonly<Record<string, AttributeLiteral | undefined>>;

/** The attribute or its default; undefined where there is neither. */
export function optionalAttribute<K extends AttributeKind>(
  node: Pick<Node, 'op' | 'name' | 'attributes'>,
  name: string,
  kind: K,
): AttributeValues[K] | undefined {
  const written = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
  if (written !== undefined) {
    if (isOfKind(written, kind)) return written.value as AttributeValues[K];
    throw new CompilerError(
      'E_INVALID_GRAPH',
      `Attribute "${name}" of ${node.op} is of kind ${written.kind}, not ${kind}.`,
      { where: { node: node.name, op: node.op } },
    );
  }
  return findOp(node.op)?.attributes[name]?.default as AttributeValues[K] | undefined;
}

/** The attribute or its default. @throws {CompilerError} `E_INVALID_GRAPH` where there is neither. */
export function requiredAttribute<K extends AttributeKind>(
  node: Pick<Node, 'op' | 'name' | 'attributes'>,
  name: string,
  kind: K,
): AttributeValues[K] {
  const value = optionalAttribute(node, name, kind);
  if (value === undefined) {
    throw new CompilerError('E_INVALID_GRAPH', `${node.op} lacks its attribute "${name}".`, {
      where: { node: node.name, op: node.op },
    });
  }
  return value;
}

/** Turns plain literals into attributes, of the kinds that the op's record gives. */
export function attributesFrom(op: string, literals: AttributeLiterals): Attributes {
  const specs = findOp(op)?.attributes ?? {};
  const attributes: [string, Attribute][] = [];
  for (const [name, literal] of Object.entries(literals)) {
    if (literal === undefined) continue;
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    attributes.push([name, attributeFrom(op, name, literal, spec)]);
  }
  // Models name attributes as they like, `__proto__` too, which an assignment would not define.
  return Object.fromEntries(attributes);
}

function attributeFrom(
  op: string,
  name: string,
  literal: AttributeLiteral,
  spec: AttributeSpec | undefined,
): Attribute {
  if (typeof literal === 'object' && 'kind' in literal) return literal;
  if (spec === undefined) {
    throw new CompilerError(
      'E_INVALID_GRAPH',
      `${op} has no attribute "${name}"; write it with its kind, as { kind, value }.`,
      { where: { op } },
    );
  }
  return { kind: spec.kind, value: literal } as Attribute;
}

/**
 * Whether an attribute can be read as one of `kind`. An empty list is of every kind of list, since
 * protocol buffers cannot tell one of ints from one of floats.
 */
export function isOfKind({ kind, value }: Attribute, wanted: AttributeKind): boolean {
  return kind === wanted || (Array.isArray(value) && value.length === 0 && wanted.endsWith('s'));
}

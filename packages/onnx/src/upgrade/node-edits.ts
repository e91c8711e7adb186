/** Small edits of nodes that the upgrade rules are written with. */

import {
  type Attribute,
  type AttributeKind,
  type AttributeLiterals,
  type AttributeValues,
  attributesFrom,
  CompilerError,
  int64Tensor,
  type Value,
} from '@whittle/ir';
import { scalarTensor } from '../scalar-tensor.js';
import type { ImportedNode, Upgrade, UpgradeContext } from './upgrade.js';

/**
 * An attribute as the node writes it, without the default that the newest opset gives it.
 * @throws {CompilerError} `E_INVALID_MODEL` where it is of another kind.
 */
export function written<K extends AttributeKind>(
  node: ImportedNode,
  name: string,
  kind: K,
): AttributeValues[K] | undefined {
  const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
  if (attribute === undefined) return undefined;
  if (attribute.kind === kind) return attribute.value as AttributeValues[K];
  throw new CompilerError(
    'E_INVALID_MODEL',
    `Attribute ${name} of ${node.op} is of kind ${attribute.kind}, not ${kind}.`,
    { where: { node: node.name, op: node.op } },
  );
}

/** A list of integers; an empty list means what an absent one does. */
export function writtenInts(node: ImportedNode, name: string): readonly number[] | undefined {
  const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
  if (Array.isArray(attribute?.value) && attribute.value.length === 0) return undefined;
  return written(node, name, 'ints');
}

export function without(node: ImportedNode, ...names: readonly string[]): ImportedNode {
  const kept = Object.entries(node.attributes).filter(([name]) => !names.includes(name));
  return { ...node, attributes: Object.fromEntries(kept) };
}

export function withAttribute(
  node: ImportedNode,
  name: string,
  attribute: Attribute,
): ImportedNode {
  const entries = Object.entries(node.attributes).filter(([other]) => other !== name);
  return { ...node, attributes: Object.fromEntries([...entries, [name, attribute]]) };
}

/** Puts values at the given positions of the inputs, and drops absent ones at the end. */
export function withInputs(
  node: ImportedNode,
  inputs: readonly (Value | undefined)[],
): ImportedNode {
  const trimmed = [...inputs];
  while (trimmed.length > 0 && trimmed.at(-1) === undefined) trimmed.pop();
  return { ...node, inputs: trimmed };
}

/** The node as one of another op, with the same name and outputs. */
export function respell(
  node: ImportedNode,
  op: string,
  inputs: readonly (Value | undefined)[],
  attributes: AttributeLiterals = {},
): ImportedNode {
  return withInputs({ ...node, op, attributes: attributesFrom(op, attributes) }, inputs);
}

/** A rule that drops attributes that say nothing any more. */
export function drop(...names: readonly string[]): Upgrade {
  return (node) => without(node, ...names);
}

/** Turns an attribute of integers into input `index`, a 1-d int64 constant. */
export function intsToInput(name: string, index: number): Upgrade {
  return (node, context) => {
    const values = writtenInts(node, name);
    const bare = without(node, name);
    if (values === undefined) return bare;
    return withInput(bare, index, context.constant(int64Tensor(values)));
  };
}

export function withInput(node: ImportedNode, index: number, value: Value): ImportedNode {
  const inputs = Array.from({ length: Math.max(node.inputs.length, index + 1) }, (_, i) =>
    i === index ? value : node.inputs[i],
  );
  return { ...node, inputs };
}

/** Several rules in turn, as long as there is a node. */
export function inTurn(...upgrades: readonly Upgrade[]): Upgrade {
  return (node, context) =>
    upgrades.reduce<ImportedNode | undefined>(
      (current, upgrade) => current && upgrade(current, context),
      node,
    );
}

/** The input that an old form cannot do without. */
export function requiredInput(node: ImportedNode, index: number): Value {
  const value = node.inputs[index];
  if (value !== undefined) return value;
  throw new CompilerError('E_INVALID_MODEL', `${node.op} lacks its input ${index}.`, {
    where: { node: node.name, op: node.op },
  });
}

/** A 0-d constant of the same dtype as `like`. */
export function scalarLike(number: number, like: Value, context: UpgradeContext): Value {
  if (like.type !== undefined) return context.constant(scalarTensor(like.type.dtype, number));
  return context.emit('CastLike', [context.constant(scalarTensor('float32', number)), like]);
}

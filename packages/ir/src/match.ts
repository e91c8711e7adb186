/**
 * Matching a pattern at a node. The search keeps a list of obligations, pairs of a pattern and the
 * value it must match, and tries both orders of a commutative op, and each choice of several, with
 * everything that is still to do, so that a choice deep in the tree can be taken back when a later
 * capture disagrees.
 */

import { isInteger } from './dtype.js';
import { CompilerError } from './errors.js';
import type { Node, Value } from './graph.js';
import { numberToBfloat16, numberToFloat16 } from './half.js';
import { traitsOf } from './op-table.js';
import type { ConstantPattern, NodePattern, Pattern } from './pattern.js';
import { elementCount, type Tensor, typedArrayOf } from './tensor.js';

/** What matching asks of the graph around the root. */
export interface MatchContext {
  /** The node of the root's own graph that defines a value; undefined for values from elsewhere. */
  producerOf(value: Value): Node | undefined;
  /** How many inputs, region reads and graph outputs refer to a value. */
  useCount(value: Value): number;
}

export interface Match {
  readonly root: Node;
  /** The value behind a capture. @throws {CompilerError} `E_INTERNAL` where there is no such capture. */
  value(capture: string): Value;
  /** The contents of a captured constant. */
  tensor(capture: string): Tensor;
  /** The node behind a capture. */
  node(capture: string): Node;
}

/** The first match in order of search, or undefined. */
export function matchPattern(
  pattern: NodePattern,
  root: Node,
  context: MatchContext,
): Match | undefined {
  if (!pattern.ops.includes(root.op)) return undefined;
  const bindings = matchInputs(pattern, root, undefined, undefined, context);
  return bindings === undefined ? undefined : matchOf(root, bindings.list);
}

/** Captures so far; the list is persistent, so that going back costs nothing. */
interface Binding {
  readonly capture: string;
  readonly bound: Value | Node;
  readonly rest: Binding | undefined;
}

interface Obligation {
  readonly pattern: Pattern;
  readonly value: Value | undefined;
  readonly rest: Obligation | undefined;
}

/** A box, so that "matched without captures" differs from "did not match". */
interface Solution {
  readonly list: Binding | undefined;
}

function solve(
  todo: Obligation | undefined,
  bindings: Binding | undefined,
  context: MatchContext,
): Solution | undefined {
  if (todo === undefined) return { list: bindings };
  const { pattern, value, rest } = todo;
  if (pattern.kind === 'absent') {
    return value === undefined ? solve(rest, bindings, context) : undefined;
  }
  if (pattern.kind === 'one-of') {
    for (const choice of pattern.choices) {
      const solution = solve({ pattern: choice, value, rest }, bindings, context);
      if (solution !== undefined) return solution;
    }
    return undefined;
  }
  if (value === undefined) return undefined;
  if (pattern.kind === 'node') {
    const producer = context.producerOf(value);
    if (producer === undefined || !pattern.ops.includes(producer.op)) return undefined;
    if (producer.outputs[0] !== value) return undefined;
    if (!pattern.shared && !isReadOnce(producer, value, context)) return undefined;
    return matchInputs(pattern, producer, rest, bindings, context);
  }
  if (pattern.kind === 'constant' && !matchesConstant(pattern, value)) return undefined;
  const bound = bind(pattern.capture, value, bindings);
  return bound && solve(rest, bound.list, context);
}

function matchInputs(
  pattern: NodePattern,
  node: Node,
  rest: Obligation | undefined,
  bindings: Binding | undefined,
  context: MatchContext,
): Solution | undefined {
  const bound = bind(pattern.capture, node, bindings);
  if (bound === undefined) return undefined;
  let inOrder = rest;
  for (let i = pattern.inputs.length - 1; i >= 0; i--) {
    const inner = pattern.inputs[i];
    if (inner) inOrder = { pattern: inner, value: node.inputs[i], rest: inOrder };
  }
  const solution = solve(inOrder, bound.list, context);
  const [left, right, more] = pattern.inputs;
  if (solution || !left || !right || more || !traitsOf(node.op).commutative) return solution;
  const swapped = { pattern: left, value: node.inputs[1], rest };
  return solve({ pattern: right, value: node.inputs[0], rest: swapped }, bound.list, context);
}

/** Whether the pattern is the only reader of what the node computes. */
function isReadOnce(node: Node, value: Value, context: MatchContext): boolean {
  return node.outputs.every(
    (output) => output === undefined || context.useCount(output) === (output === value ? 1 : 0),
  );
}

function matchesConstant(pattern: ConstantPattern, value: Value): boolean {
  const { constant } = value;
  if (constant === undefined) return false;
  return pattern.scalar === undefined || isScalarOf(constant, pattern.scalar);
}

/** Whether a tensor has one element and that is `value` as the dtype stores it. */
export function isScalarOf(tensor: Tensor, value: number): boolean {
  const { dtype } = tensor;
  if (elementCount(tensor.dims) !== 1) return false;
  if (dtype === 'float32') return typedArrayOf(tensor)[0] === Math.fround(value);
  if (dtype === 'float16') return typedArrayOf(tensor)[0] === numberToFloat16(value);
  if (dtype === 'bfloat16') return typedArrayOf(tensor)[0] === numberToBfloat16(value);
  if (dtype !== 'float64' && !isInteger(dtype)) return false;
  return Number(typedArrayOf(tensor)[0]) === value;
}

function bind(
  capture: string | undefined,
  bound: Value | Node,
  bindings: Binding | undefined,
): Solution | undefined {
  if (capture === undefined) return { list: bindings };
  for (let entry = bindings; entry; entry = entry.rest) {
    if (entry.capture === capture) return entry.bound === bound ? { list: bindings } : undefined;
  }
  return { list: { capture, bound, rest: bindings } };
}

function matchOf(root: Node, bindings: Binding | undefined): Match {
  const find = (capture: string): Value | Node => {
    for (let entry = bindings; entry; entry = entry.rest) {
      if (entry.capture === capture) return entry.bound;
    }
    throw new CompilerError('E_INTERNAL', `The pattern has no capture "${capture}".`);
  };
  const fail = (capture: string, kind: string): never => {
    throw new CompilerError('E_INTERNAL', `The capture "${capture}" is not a ${kind}.`);
  };
  const value = (capture: string): Value => {
    const bound = find(capture);
    return 'op' in bound ? fail(capture, 'value') : bound;
  };
  return {
    root,
    value,
    tensor: (capture) => value(capture).constant ?? fail(capture, 'constant'),
    node: (capture) => {
      const bound = find(capture);
      return 'op' in bound ? bound : fail(capture, 'node');
    },
  };
}

/**
 * Which ops are right where an axis is longer than what it holds (see `dynamic-sizes.ts`): those that go
 * along it position by position, and those that ask for its true size. An op is refused unless its rule
 * says so, or its trait.
 */

import {
  type Dim,
  dimEquals,
  integersOf,
  isBound,
  mulDims,
  type Node,
  namesOfDim,
  optionalAttribute,
  traitsOf,
  type Value,
  valuesReadBy,
} from '@whittle/ir';
import { binary, index, isLiteral, literal, mul, select } from '../expr.js';
import type { Expr, ScalarType } from '../loop-ir.js';
import { bothHold, coordinate, normalizeAxis } from './index-math.js';
import type { ElementContext, LoweringRule, Operand } from './rule.js';
import { arithmeticType } from './scalar-types.js';

/** The name that a dim is, of a dim that is nothing but a name. */
export function nameOfDim(dim: Dim): string | undefined {
  const [name, another] = namesOfDim(dim);
  if (isBound(dim) || name === undefined || another !== undefined) return undefined;
  const [term, more] = dim.terms;
  const [atom, factor] = term?.atoms ?? [];
  const isAlone = term?.coefficient === 1 && more === undefined && factor === undefined;
  return isAlone && atom?.kind === 'name' ? name : undefined;
}

/** Whether inference does not know all of a value's dims. */
function isOpen({ type }: Value): boolean {
  return type?.dims.some((dim) => !isBound(dim)) === true;
}

export function toleratesTails(node: Node, rule: LoweringRule): boolean {
  // What runs the graphs inside it may make a size, but takes none.
  if (Object.keys(node.regions).length > 0) return !valuesReadBy(node).some(isOpen);
  if (rule.allowsTails !== undefined) return rule.allowsTails(node);
  return traitsOf(node.op).fusion === 'elementwise' && broadcasts(node);
}

/** An op that reads each position where it writes it, or asks for sizes wherever they matter. */
export const anyTail = (): boolean => true;

/** Every input, broadcast to the output, has its tail where the output has one. */
function broadcasts(node: Node): boolean {
  return node.inputs.every((_, input) => broadcastsFrom(input)(node));
}

/** The same of one input. */
export function broadcastsFrom(input: number): (node: Node) => boolean {
  return (node) => {
    const to = dimsOf(node.outputs[0]);
    const from = dimsOf(node.inputs[input]);
    return from.every((dim, axis) => dim === 1 || agree(dim, to[to.length - from.length + axis]));
  };
}

/** Whether dims are the same as far as they have tails; equal numbers are the inference's business. */
export function agree(a: Dim | undefined, b: Dim | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  return (isBound(a) && isBound(b)) || dimEquals(a, b);
}

/** The same of lists of dims, axis by axis. */
export function allAgree(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.every((dim, axis) => agree(dim, b[axis]));
}

/** Tails only in the first axis, the batch, which is the output's as well. */
export function tailsOnlyInBatch({ inputs, outputs }: Node): boolean {
  const [batch] = dimsOf(outputs[0]);
  return inputs.every((value) =>
    dimsOf(value).every(
      (dim, axis) => isBound(dim) || (axis === 0 && batch !== undefined && dimEquals(dim, batch)),
    ),
  );
}

/** No tail along the axis that an attribute names. */
export function tailsBesideAxis(otherwise: number): (node: Node) => boolean {
  return (node) => !hasTail(node, 0, axisOf(node, otherwise));
}

/** Whether one axis of an input has a tail. */
export function hasTail(node: Node, input: number, axis: number): boolean {
  const dim = dimsOf(node.inputs[input])[axis];
  return dim !== undefined && !isBound(dim);
}

export function axisOf(node: Node, otherwise: number): number {
  const rank = dimsOf(node.inputs[0]).length;
  return normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? otherwise, rank);
}

/** The inputs all have the same dims, as far as they have tails, and none along the axis. */
export function sameBesideAxis(node: Node, axis: number): boolean {
  const [first = [], ...others] = node.inputs.map(dimsOf);
  return [first, ...others].every(
    (dims) => allAgree(dims, first) && dims[axis] !== undefined && isBound(dims[axis]),
  );
}

/**
 * The elements of input 0 keep their order, and each run of axes that becomes a run of others has its tail at
 * most in the first of them, on both sides: what is cut off is at the end of the run.
 */
export function keepsTailsLast(node: Node): boolean {
  const from = dimsOf(node.inputs[0]).filter((dim) => dim !== 1);
  const to = dimsOf(node.outputs[0]).filter((dim) => dim !== 1);
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [a, b] = [runOf(from, i), runOf(to, j)];
    const end = endsOfRuns(a, b);
    if (end === undefined) return false;
    i += end.a;
    j += end.b;
  }
  return true;
}

/** The products of an axis and so many behind it, as long as no later one has a tail. */
function runOf(dims: readonly Dim[], start: number): readonly Dim[] {
  const products: Dim[] = [];
  let product: Dim = 1;
  for (const dim of dims.slice(start)) {
    if (products.length > 0 && !isBound(dim)) break;
    product = mulDims(product, dim);
    products.push(product);
  }
  return products;
}

/** How many axes the shortest runs of equal products take. */
function endsOfRuns(a: readonly Dim[], b: readonly Dim[]): { a: number; b: number } | undefined {
  for (const [i, left] of a.entries()) {
    const j = b.findIndex((right) => dimEquals(left, right));
    if (j >= 0) return { a: i + 1, b: j + 1 };
  }
  return undefined;
}

/** Whether all constant indices of an input count from the front; others are looked at in a run. */
export function countsFromFront(node: Node, input: number): boolean {
  return integersOf(node.inputs[input])?.every((position) => position >= 0) !== false;
}

/** As inference has them. */
export function dimsOf(value: Value | undefined): readonly Dim[] {
  return value?.type?.dims ?? [];
}

/** Whether coordinates of an input are of no tail: a literal, where it has none. */
export function isInside(context: ElementContext, input: number, at: readonly Expr[]): Expr {
  return context.inputDims(input).reduce<Expr>(
    (inside, _, axis) => {
      const size = context.inputSize(input, axis);
      return isLiteral(size) ? inside : bothHold(inside, binary('lt', coordinate(at, axis), size));
    },
    literal('bool', 1),
  );
}

/** Input 0 with a neutral element in its tails along some axes, to be folded together. */
export function withoutTails(
  context: ElementContext,
  axes: readonly number[],
  neutral: (type: ScalarType) => Expr,
): Operand {
  const x = context.operand(0);
  const cut = axes.filter((axis) => !isLiteral(context.inputSize(0, axis)));
  if (cut.length === 0) return x;
  const otherwise = neutral(arithmeticType(x.dtype));
  return {
    ...x,
    read: (block, at) => {
      const inside = cut.map((axis) =>
        binary('lt', coordinate(at, axis), context.inputSize(0, axis)),
      );
      return select(inside.reduce(bothHold), x.read(block, at), otherwise);
    },
  };
}

/** How many elements input 0 has along some axes, an index. */
export function countAlong(context: ElementContext, axes: readonly number[]): Expr {
  return axes.reduce<Expr>((count, axis) => mul(count, context.inputSize(0, axis)), index(1));
}

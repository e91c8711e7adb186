/** Index arithmetic that lowering rules share. All expressions here are of type `index`. */

import { CompilerError, type Node } from '@whittle/ir';
import type { Block } from '../block.js';
import {
  add,
  binary,
  cast,
  floordiv,
  floormod,
  index,
  isLiteral,
  mul,
  select,
  sub,
} from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { boundDims, requireInput, requireOutput } from './element-context.js';

/** The coordinate along an axis; 0 where there is none. */
export function coordinate(at: readonly Expr[], axis: number): Expr {
  return at[axis] ?? index(0);
}

/** The coordinates with one replaced. */
export function withCoordinate(at: readonly Expr[], axis: number, value: Expr): Expr[] {
  return at.map((other, i) => (i === axis ? value : other));
}

/** The position of an element in row-major order. */
export function ravel(at: readonly Expr[], dims: readonly number[]): Expr {
  return dims.reduce<Expr>(
    (position, dim, axis) => add(mul(position, index(dim)), coordinate(at, axis)),
    index(0),
  );
}

/** The coordinates of a row-major position. */
export function unravel(position: Expr, dims: readonly number[]): Expr[] {
  const at: Expr[] = dims.map(() => index(0));
  const outermost = dims.findIndex((dim) => dim !== 1);
  let rest = position;
  for (let axis = dims.length - 1; axis >= Math.max(outermost, 0); axis--) {
    const dim = dims[axis] ?? 1;
    at[axis] = axis === outermost ? rest : floormod(rest, dim);
    rest = floordiv(rest, dim);
  }
  return at;
}

export function minIndex(a: Expr, b: Expr): Expr {
  if (isLiteral(a) && isLiteral(b)) return index(Math.min(Number(a.value), Number(b.value)));
  return binary('min', a, b);
}

export function maxIndex(a: Expr, b: Expr): Expr {
  if (isLiteral(a) && isLiteral(b)) return index(Math.max(Number(a.value), Number(b.value)));
  return binary('max', a, b);
}

/** `a / by` rounded up. */
export function ceildiv(a: Expr, by: number): Expr {
  return floordiv(add(a, index(by - 1)), by);
}

/** Whether two integers are equal, or any other comparison of them, decided where both are known. */
export function compare(op: 'eq' | 'lt' | 'ge', a: Expr, b: Expr): Expr {
  if (isLiteral(a) && isLiteral(b)) {
    const [x, y] = [Number(a.value), Number(b.value)];
    const holds = op === 'eq' ? x === y : op === 'lt' ? x < y : x >= y;
    return { kind: 'literal', dtype: 'bool', value: holds ? 1 : 0 };
  }
  return binary(op, a, b);
}

export function bothHold(a: Expr, b: Expr): Expr {
  if (isLiteral(a)) return a.value ? b : a;
  if (isLiteral(b)) return b.value ? a : b;
  return binary('and', a, b);
}

/**
 * A position along an axis of `extent` that was read from a tensor: a negative one counts from the
 * end, and one out of bounds is brought to the nearest element, so that no data can make a kernel
 * read outside of its buffer.
 */
export function positionFromData(block: Block, element: Expr, extent: number | Expr): Expr {
  const size = typeof extent === 'number' ? index(extent) : extent;
  const read = cast(element, 'index');
  if (isLiteral(element) && isLiteral(size)) {
    const [value, end] = [Number(element.value), Number(size.value)];
    return index(Math.max(0, Math.min(value < 0 ? value + end : value, end - 1)));
  }
  const written = block.let('g', read);
  const wrapped = select(compare('lt', written, index(0)), add(written, size), written);
  return block.let('g', maxIndex(index(0), minIndex(wrapped, sub(size, index(1)))));
}

/** The dims of an input. */
export function inputDims(node: Node, input: number): readonly number[] {
  return boundDims(requireInput(node, input));
}

/** The dims of an output. */
export function outputDims(node: Node, output: number): readonly number[] {
  return boundDims(requireOutput(node, output));
}

export function countOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/**
 * Brings an axis into [0, rank).
 * @throws {CompilerError} `E_INVALID_GRAPH` where it is out of range.
 */
export function normalizeAxis(node: Node, axis: number, rank: number): number {
  if (axis >= -rank && axis < Math.max(rank, 1)) return axis < 0 ? axis + rank : axis;
  throw new CompilerError('E_INVALID_GRAPH', `${node.op} has axis ${axis} for rank ${rank}.`, {
    where: { node: node.name, op: node.op },
  });
}

/** One step of a recurrent network, element by element: what lies where before it and after it. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, select } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { CellElement, CellProduct } from './recurrent-cells.js';
import type { Plane } from './recurrent-planes.js';
import type { Batch } from './recurrent-sums.js';
import type { KernelContext } from './rule.js';
import type { UnaryFunction } from './scalar-functions.js';

/** The inputs and the outputs of the op, by position. */
export const recurrenceInputs = {
  products: 0,
  recurrence: 1,
  biases: 2,
  lengths: 3,
  hidden: 4,
  cell: 5,
  peepholes: 6,
} as const;
export const recurrenceOutputs = { sequence: 0, hidden: 1, cell: 2 } as const;

/** One direction of a network. */
export interface Direction {
  readonly context: KernelContext;
  readonly number: number;
  readonly activations: readonly UnaryFunction[];
  /** The elements of the state. */
  readonly size: number;
  /** All gates of the cell, not only those of one product. */
  readonly gates: number;
  plane(name: CellProduct['of'] | 'sums'): Plane;
}

/** What becomes of the sums of a product in step `t`, for all elements of all sequences of the batch. */
export function writeElements(
  block: Block,
  direction: Direction,
  product: CellProduct,
  { start, count }: Batch,
  t: Expr,
): void {
  const { context, size } = direction;
  block.for('i', count, (perSequence, i) => {
    const n = add(start, i);
    const isInside = context.has(recurrenceInputs.lengths)
      ? perSequence.let('is', isWithinLength(context, perSequence, n, t))
      : undefined;
    perSequence.for('h', size, (inner, h) =>
      product.element(elementAt(inner, direction, product, { n, t, h, isInside })),
    );
  });
}

function isWithinLength(context: KernelContext, block: Block, n: Expr, t: Expr): Expr {
  const length = context.operand(recurrenceInputs.lengths).read(block, [n]);
  return binary('lt', t, cast(length, 'index'));
}

/** `isInside` says whether the sequence has this step; absent: it has. */
interface ElementPlace {
  readonly n: Expr;
  readonly t: Expr;
  readonly h: Expr;
  readonly isInside: Expr | undefined;
}

function elementAt(
  block: Block,
  direction: Direction,
  product: CellProduct,
  { n, t, h, isInside }: ElementPlace,
): CellElement {
  const { context, size, gates, number, activations, plane } = direction;
  const { node } = context;
  const clip = optionalAttribute(node, 'clip', 'float');
  const read = (input: number, at: readonly Expr[]): Expr => context.operand(input).read(block, at);
  const column = (gate: number): Expr => add(h, index(gate * size));
  const ofDirection = (gate: number): Expr => add(h, index((number * gates + gate) * size));
  /** A sequence that has ended keeps its state. */
  const move = (name: CellProduct['of'], value: Expr): void => {
    const kept = isInside === undefined ? value : select(isInside, value, plane(name).load(n, h));
    plane(name).store(block, n, h, kept);
  };
  return {
    block,
    recurrent: (gate) => plane('sums').load(n, column(gate - product.firstGate)),
    input: (gate) => {
      const x = read(recurrenceInputs.products, [t, n, ofDirection(gate)]);
      if (!context.has(recurrenceInputs.biases)) return x;
      return add(x, read(recurrenceInputs.biases, [index(number), column(gate)]));
    },
    before: (name) => plane(name).load(n, h),
    keep: (name, value) => plane(name).store(block, n, h, value),
    activate: (activation, value) => {
      const x = block.let('x', value);
      return block.let('a', activations[activation]?.(block, x, []) ?? x);
    },
    clipped: (value) => (clip === undefined ? value : clipped(value, clip)),
    peephole: (gate) =>
      context.has(recurrenceInputs.peepholes)
        ? read(recurrenceInputs.peepholes, [index(number), column(gate)])
        : undefined,
    finish: (hidden, cell) => {
      const value = block.let('y', hidden);
      if (cell !== undefined) move('cell', cell);
      move('hidden', value);
      if (node.outputs[recurrenceOutputs.sequence] === undefined) return;
      const shown =
        isInside === undefined ? value : select(isInside, value, literal(value.dtype, 0));
      const at = [t, index(number), n, h];
      context.destination(recurrenceOutputs.sequence).store(block, at, shown);
    },
  };
}

function clipped(value: Expr, clip: number): Expr {
  const below = binary('min', value, literal(value.dtype, clip));
  return binary('max', below, literal(value.dtype, -clip));
}

/**
 * The walk of a recurrent network over its time steps, one after another. Each step multiplies the state of
 * all sequences by R, whose gates are the columns of one product, and then computes the new state element
 * by element:
 *
 *     for each direction:
 *       hidden, cell ← initial state
 *       for each step:
 *         sums[n, gate · H + h] ← bias + Σ hidden[n, k] · R[gate · H + h, k]
 *         hidden, cell, Y ← what the cell makes of sums, of the step's input and of the old state
 *
 * On a target with a grid each sequence is walked by a workgroup, whose threads share the state; one large
 * step alone is spread over the grid like any other kernel. Where not even the state fits into the memory of
 * a workgroup, one thread walks.
 */

import { optionalAttribute, requiredAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, index, literal, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { range } from '../schedule/contraction.js';
import type { TilePlan } from '../schedule/tile-plan.js';
import { activationsOf } from './recurrent-activations.js';
import { type CellForm, cellForms, type StatePlane } from './recurrent-cells.js';
import { type Planes, planesInMemory, sharedPlanes } from './recurrent-planes.js';
import {
  type Direction,
  recurrenceInputs,
  recurrenceOutputs,
  writeElements,
} from './recurrent-step.js';
import {
  type Batch,
  type Rows,
  sumsWriter,
  tileOfBatch,
  tileOfWorkgroup,
} from './recurrent-sums.js';
import type { KernelContext, LoweringRule } from './rule.js';
import type { UnaryFunction } from './scalar-functions.js';
import { arithmeticType } from './scalar-types.js';

export const recurrenceRule: LoweringRule = { layout: 'row-major', kernel: writeRecurrence };

type PlaneName = StatePlane | 'sums';

/** All that the walks of a node have in common. */
interface Network {
  readonly context: KernelContext;
  readonly form: CellForm;
  readonly steps: number;
  readonly batch: number;
  readonly size: number;
  readonly gates: number;
  readonly isReverse: boolean;
  /** For each direction. */
  readonly activations: readonly (readonly UnaryFunction[])[];
}

function writeRecurrence(context: KernelContext): void {
  const network = networkOf(context);
  const { form, steps, batch, size, gates, activations } = network;
  const type = arithmeticType(context.operand(recurrenceInputs.products).dtype);
  const directions = range(activations.length);
  context.macs(steps * batch * directions.length * gates * size * size);

  const together = Math.max(...form.products(context).map((product) => product.gates));
  const widths: (readonly [PlaneName, number])[] = [
    ...form.planes.map((name) => [name, size] as const),
    ['sums', together * size],
  ];
  const { grid } = context.target;
  const isWalked = steps > 1 || gates * size * size <= littleWork;
  // Threads share out loops, which a state of one element has not.
  const hasWorkgroups = grid !== undefined && isWalked && size > 1;
  const shared = hasWorkgroups ? sharedPlanes(context, widths, batch, type) : undefined;
  if (shared === undefined) {
    for (const number of directions) {
      const planes = planesInMemory(context, widths, batch, type);
      const walk = walkOf(network, number, planes, (rows) =>
        tileOfBatch(context.target, batch, rows, size),
      );
      walk(context.block, { start: index(0), count: batch });
    }
    return;
  }
  const walks = directions.map((number) =>
    walkOf(network, number, shared, (rows) => tileOfWorkgroup(context.target, rows)),
  );
  context.block.for('n', batch, (inner, n) => {
    for (const walk of walks) walk(inner, { start: n, count: 1 });
  });
}

/** Multiply-adds of one step that a workgroup does sooner than a device begins several kernels. */
const littleWork = 2 ** 18;

function networkOf(context: KernelContext): Network {
  const { node } = context;
  const cell = requiredAttribute(node, 'cell', 'string');
  const form = Object.hasOwn(cellForms, cell)
    ? cellForms[cell as keyof typeof cellForms]
    : undefined;
  if (form === undefined) return context.unsupported(`has no cell "${cell}"`);
  context.name(cell.toLowerCase());
  const [steps = 0, batch = 0] = context.inputDims(recurrenceInputs.products);
  const [directions = 1, rows = 0, size = 1] = context.inputDims(recurrenceInputs.recurrence);
  return {
    context,
    form,
    steps,
    batch,
    size,
    gates: rows / size,
    isReverse: optionalAttribute(node, 'direction', 'string') === 'reverse',
    activations: activationsOf(context, form.activations, directions),
  };
}

type Walk = (block: Block, sequences: Batch) => void;

/** The walk in one direction, whose state is in `planes`. */
function walkOf(
  network: Network,
  number: number,
  planes: Planes<PlaneName>,
  tileOf: (rows: Rows) => TilePlan,
): Walk {
  const { context, form, steps, size, gates, activations } = network;
  const direction: Direction = {
    context,
    number,
    activations: activations[number] ?? [],
    size,
    gates,
    plane: (name) => planes.get(name) ?? context.unsupported(`keeps no ${name}`),
  };
  const products = form.products(context).map((product) => {
    const rows = {
      direction: number,
      first: product.firstGate * size,
      count: product.gates * size,
    };
    return { product, writeSums: sumsWriter(context, rows, tileOf(rows)) };
  });
  const isReverse = network.isReverse || number === 1;
  return (block, sequences) => {
    begin(block, network, direction, sequences);
    block.for('t', steps, (step, turn) => {
      const t = isReverse ? sub(index(steps - 1), turn) : turn;
      for (const { product, writeSums } of products) {
        writeSums(step, direction.plane(product.of), direction.plane('sums'), sequences);
        writeElements(step, direction, product, sequences, t);
      }
    });
    end(block, network, direction, sequences);
  };
}

/** The states that come in and go out, and where the walk has them. */
const states = [
  { plane: 'hidden', input: recurrenceInputs.hidden, output: recurrenceOutputs.hidden },
  { plane: 'cell', input: recurrenceInputs.cell, output: recurrenceOutputs.cell },
] as const;

function begin(
  block: Block,
  { context, form }: Network,
  { number, plane, size }: Direction,
  sequences: Batch,
): void {
  const zero = literal(arithmeticType(context.operand(recurrenceInputs.products).dtype), 0);
  for (const { plane: name, input } of states) {
    if (!form.planes.includes(name)) continue;
    overElements(block, sequences, size, (inner, n, h) => {
      const at = [index(number), n, h];
      const value = context.has(input) ? context.operand(input).read(inner, at) : zero;
      plane(name).store(inner, n, h, value);
    });
  }
}

function end(
  block: Block,
  { context, form }: Network,
  { number, plane, size }: Direction,
  sequences: Batch,
): void {
  for (const { plane: name, output } of states) {
    if (!form.planes.includes(name) || context.node.outputs[output] === undefined) continue;
    overElements(block, sequences, size, (inner, n, h) =>
      context.destination(output).store(inner, [index(number), n, h], plane(name).load(n, h)),
    );
  }
}

function overElements(
  block: Block,
  { start, count }: Batch,
  size: number,
  body: (inner: Block, n: Expr, h: Expr) => void,
): void {
  block.for('i', count, (perSequence, i) =>
    perSequence.for('h', size, (inner, h) => body(inner, add(start, i), h)),
  );
}

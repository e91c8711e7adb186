/**
 * What a step of each kind of cell computes: products of the state, and behind each of them what becomes of
 * one element of it. Gates are in the order in which ONNX has their weights.
 *
 * Source: the equations of LSTM, GRU and RNN in the ONNX specification.
 */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, literal, mul, sub } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { ElementContext } from './rule.js';

/** Memory that a step keeps for each element of the state. */
export type StatePlane = 'hidden' | 'cell' | 'update' | 'reset';

/** One element of the state in one step. */
export interface CellElement {
  readonly block: Block;
  /** What the state and the recurrence bias give a gate. */
  recurrent(gate: number): Expr;
  /** What the step's input and its bias give a gate. */
  input(gate: number): Expr;
  /** The state before the step, or what a product before this one has kept. */
  before(plane: StatePlane): Expr;
  keep(plane: StatePlane, value: Expr): void;
  /** The activation of that number. */
  activate(activation: number, value: Expr): Expr;
  /** Within the bounds that the node sets to what gates see; onnxruntime sets none to an LSTM's cell. */
  clipped(value: Expr): Expr;
  /** A peephole's weight; undefined where there are none. */
  peephole(gate: number): Expr | undefined;
  /** The state after the step. */
  finish(hidden: Expr, cell?: Expr): void;
}

export interface CellProduct {
  /** What is multiplied by the rows of R. */
  readonly of: StatePlane;
  readonly firstGate: number;
  readonly gates: number;
  element(each: CellElement): void;
}

export interface CellForm {
  readonly activations: readonly string[];
  /** The planes that have to be there. */
  readonly planes: readonly StatePlane[];
  products(context: ElementContext): readonly CellProduct[];
}

export const cellForms: Readonly<Record<'LSTM' | 'GRU' | 'RNN', CellForm>> = {
  LSTM: {
    activations: ['Sigmoid', 'Tanh', 'Tanh'],
    planes: ['hidden', 'cell'],
    products: ({ node }) => {
      const couples = (optionalAttribute(node, 'input_forget', 'int') ?? 0) !== 0;
      return [{ of: 'hidden', firstGate: 0, gates: 4, element: (each) => lstm(each, couples) }];
    },
  },
  GRU: {
    activations: ['Sigmoid', 'Tanh'],
    planes: ['hidden', 'update', 'reset'],
    products: ({ node }) =>
      (optionalAttribute(node, 'linear_before_reset', 'int') ?? 0) !== 0
        ? [{ of: 'hidden', firstGate: 0, gates: 3, element: gruLinearFirst }]
        : [
            { of: 'hidden', firstGate: 0, gates: 2, element: gruGates },
            { of: 'reset', firstGate: 2, gates: 1, element: gruState },
          ],
  },
  RNN: {
    activations: ['Tanh'],
    planes: ['hidden'],
    products: () => [{ of: 'hidden', firstGate: 0, gates: 1, element: rnn }],
  },
};

function sumOf(each: CellElement, gate: number): Expr {
  return add(each.recurrent(gate), each.input(gate));
}

function activated(each: CellElement, activation: number, sum: Expr): Expr {
  return each.activate(activation, each.clipped(sum));
}

const [inputGate, outputGate, forgetGate, cellGate] = [0, 1, 2, 3] as const;

function lstm(each: CellElement, couples: boolean): void {
  const { block } = each;
  const old = block.let('c', each.before('cell'));
  const seeing = (gate: number, peephole: number, cell: Expr): Expr => {
    const weight = each.peephole(peephole);
    const sum = sumOf(each, gate);
    return activated(each, 0, weight === undefined ? sum : add(sum, mul(weight, cell)));
  };
  const input = seeing(inputGate, 0, old);
  const forget = couples ? sub(literal(input.dtype, 1), input) : seeing(forgetGate, 2, old);
  const candidate = activated(each, 1, sumOf(each, cellGate));
  const cell = block.let('c', add(mul(forget, old), mul(input, candidate)));
  const output = seeing(outputGate, 1, cell);
  each.finish(mul(output, each.activate(2, cell)), cell);
}

const [updateGate, resetGate, hiddenGate] = [0, 1, 2] as const;

function gruLinearFirst(each: CellElement): void {
  const update = activated(each, 0, sumOf(each, updateGate));
  const reset = activated(each, 0, sumOf(each, resetGate));
  const sum = add(each.input(hiddenGate), mul(reset, each.recurrent(hiddenGate)));
  each.finish(mixed(each, update, activated(each, 1, sum)));
}

function gruGates(each: CellElement): void {
  each.keep('update', activated(each, 0, sumOf(each, updateGate)));
  const reset = activated(each, 0, sumOf(each, resetGate));
  each.keep('reset', mul(reset, each.before('hidden')));
}

function gruState(each: CellElement): void {
  const update = each.block.let('z', each.before('update'));
  each.finish(mixed(each, update, activated(each, 1, sumOf(each, hiddenGate))));
}

/** (1 − z) · candidate + z · h. */
function mixed(each: CellElement, update: Expr, candidate: Expr): Expr {
  const kept = mul(update, each.before('hidden'));
  return add(mul(sub(literal(update.dtype, 1), update), candidate), kept);
}

function rnn(each: CellElement): void {
  each.finish(activated(each, 0, sumOf(each, 0)));
}

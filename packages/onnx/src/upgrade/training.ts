/**
 * One step of an optimizer, from the domain `ai.onnx.preview.training`, in plain arithmetic: nothing of it
 * needs to know that it trains.
 *
 * Inputs are the rate R and the number T of steps before, then the tensors to optimise, their gradients,
 * and each kind of state, as many of each as there are tensors. Outputs are the new tensors and states.
 *
 * Source: the schemas of that domain in `onnx/defs/training/defs.cc`.
 */

import type { Value } from '@whittle/ir';
import { requiredInput, scalarLike, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const domain = 'ai.onnx.preview.training';
const always = Number.POSITIVE_INFINITY;

export const training: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  [`${domain}::Adagrad`, [{ below: always, upgrade: optimizer(1, adagrad) }]],
  [`${domain}::Adam`, [{ below: always, upgrade: optimizer(2, adam) }]],
  [`${domain}::Momentum`, [{ below: always, upgrade: optimizer(1, momentum) }]],
];

/** What a step of one tensor works with. */
interface Parts {
  readonly rate: Value;
  readonly steps: Value;
  readonly tensor: Value;
  /** The gradient, the penalty on the tensor's own size included. */
  readonly gradient: Value;
  readonly states: readonly Value[];
  attribute(name: string, otherwise: number): number;
  readonly text: (name: string) => string | undefined;
  /** An elementwise op; a number is a constant of the dtype of the values beside it. */
  apply(op: string, ...operands: readonly (Value | number)[]): Value;
  /** A value in the dtype of the tensor. */
  cast(value: Value): Value;
}

/** Gives the new tensor, and its new states. */
type Step = (parts: Parts) => readonly Value[];

function optimizer(stateCount: number, step: Step): Upgrade {
  return (node, context) => {
    const count = (node.inputs.length - 2) / (2 + stateCount);
    if (!Number.isInteger(count) || count < 1)
      throw context.unsupported('lacks some of its inputs');
    for (let i = 0; i < count; i++) {
      const results = step(partsOf(node, context, i, count, stateCount));
      for (const [kind, value] of results.entries()) {
        const name = node.outputs[kind * count + i];
        if (name === undefined) continue;
        const identity = { op: 'Identity', inputs: [value], attributes: {}, outputs: [name] };
        context.define({ ...node, ...identity });
      }
    }
    return undefined;
  };
}

function partsOf(
  node: ImportedNode,
  context: UpgradeContext,
  i: number,
  count: number,
  stateCount: number,
): Parts {
  const [rate, steps] = [requiredInput(node, 0), requiredInput(node, 1)];
  const of = (kind: number): Value => requiredInput(node, 2 + kind * count + i);
  const tensor = of(0);
  const attribute = (name: string, otherwise: number): number =>
    written(node, name, 'float') ?? otherwise;
  const apply: Parts['apply'] = (op, ...operands) =>
    context.emit(
      op,
      operands.map((operand) =>
        typeof operand === 'number' ? scalarLike(operand, tensor, context) : operand,
      ),
    );
  const penalty = attribute('norm_coefficient', 0);
  return {
    rate,
    steps,
    tensor,
    gradient: penalty === 0 ? of(1) : apply('Add', apply('Mul', tensor, penalty), of(1)),
    states: Array.from({ length: stateCount }, (_, kind) => of(2 + kind)),
    attribute,
    text: (name) => written(node, name, 'string'),
    apply,
    cast: (value) => context.emit('CastLike', [value, tensor]),
  };
}

function adagrad({ rate, steps, tensor, gradient, states, attribute, apply, cast }: Parts) {
  const [squares = tensor] = states;
  const decay = apply('Add', apply('Mul', cast(steps), attribute('decay_factor', 0)), 1);
  const sum = apply('Add', squares, apply('Mul', gradient, gradient));
  const divisor = apply('Add', apply('Sqrt', sum), attribute('epsilon', 1e-6));
  const change = apply('Div', apply('Mul', apply('Div', cast(rate), decay), gradient), divisor);
  return [apply('Sub', tensor, change), sum];
}

function adam({ rate, steps, tensor, gradient, states, attribute, apply, cast }: Parts) {
  const [mean = tensor, square = tensor] = states;
  const [alpha, beta] = [attribute('alpha', 0.9), attribute('beta', 0.999)];
  const newMean = apply('Add', apply('Mul', mean, alpha), apply('Mul', gradient, 1 - alpha));
  const squared = apply('Mul', apply('Mul', gradient, gradient), 1 - beta);
  const newSquare = apply('Add', apply('Mul', square, beta), squared);
  const divisor = apply('Add', apply('Sqrt', newSquare), attribute('epsilon', 1e-6));
  // The states begin at zero, which the first steps make up for; before them there is nothing to.
  const time = cast(steps);
  const left = (factor: number): Value => apply('Sub', 1, apply('Pow', factor, time));
  const grown = apply('Div', apply('Mul', cast(rate), apply('Sqrt', left(beta))), left(alpha));
  const used = apply('Where', apply('Greater', time, 0), grown, cast(rate));
  const change = apply('Div', apply('Mul', used, newMean), divisor);
  const kept = 1 - attribute('norm_coefficient_post', 0);
  const moved = apply('Sub', tensor, change);
  return [kept === 1 ? moved : apply('Mul', moved, kept), newMean, newSquare];
}

function momentum({ rate, steps, tensor, gradient, states, attribute, text, apply, cast }: Parts) {
  const [velocity = tensor] = states;
  const alpha = attribute('alpha', 0);
  const isLater = apply('Greater', cast(steps), 0);
  const share = apply('Where', isLater, attribute('beta', 0), 1);
  const next = apply('Add', apply('Mul', velocity, alpha), apply('Mul', gradient, share));
  const direction =
    text('mode') === 'nesterov' ? apply('Add', gradient, apply('Mul', next, alpha)) : next;
  return [apply('Sub', tensor, apply('Mul', cast(rate), direction)), next];
}

/**
 * LSTM, GRU and RNN: the inputs of all time steps are multiplied at once, and what is left is a walk over
 * the steps. It goes through [T, N, …], however the op has its axes.
 *
 *     %y, %h = GRU(%x, %w, %r, %b)
 *   →
 *     %p = MatMul(%x, Transpose(Reshape(%w, [D · G · H, I])))
 *     %y, %h = Recurrence(%p, %r, %b) {cell = "GRU"}
 *
 * T steps, N sequences, I inputs, D directions, G gates, H elements of state.
 */

import {
  allBound,
  type Match,
  type Node,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import { stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const recurrent = ['LSTM', 'GRU', 'RNN'].map((name) =>
  decomposition(name, `${name}(x, w, r, b) → Recurrence(x · wᵀ, r, b)`, spell),
);

/** The inputs that are states, of [D, N, H]. */
const stateInputs: ReadonlySet<number> = new Set([5, 6]);

function spell({ root }: Match, rewriter: Rewriter): readonly (Value | undefined)[] | undefined {
  const [x, w] = root.inputs;
  const dims = w?.type?.dims;
  if (!x || !w || dims === undefined || !allBound(dims)) return undefined;
  const [directions = 1, rows = 0, size = 0] = dims;
  const isBatchFirst = requiredAttribute(root, 'layout', 'int') !== 0;
  const turned = (value: Value, perm: readonly number[]): Value =>
    isBatchFirst ? rewriter.op('Transpose', [value], { perm }) : value;

  const matrix = stepsOf(rewriter).reshape(w, [directions * rows, size]);
  const weights = rewriter.op('Transpose', [matrix], { perm: [1, 0] });
  const products = turned(rewriter.op('MatMul', [x, weights]), [1, 0, 2]);
  const others = root.inputs.slice(2).map((value, i) => {
    const isState = stateInputs.has(i + 2);
    return value && isState ? turned(value, [1, 0, 2]) : value;
  });
  const walk = rewriter.node('Recurrence', [products, ...others], attributesOf(root), {
    outputs: root.outputs.map((output) => output && root.op),
  });
  return walk.outputs.map((value) => {
    const rank = value?.type?.dims.length ?? 0;
    return value && turned(value, rank === 4 ? [2, 0, 1, 3] : [1, 0, 2]);
  });
}

/** What the cell is. Where axes lie, and how large they are, the walk sees itself. */
function attributesOf({ op, attributes }: Node): Node['attributes'] {
  const { layout: _layout, hidden_size: _size, ...kept } = attributes;
  return { ...kept, cell: { kind: 'string', value: op } };
}

/**
 * Recurrent networks, whose state goes from one time step to the next. T steps, N sequences in the batch,
 * D directions, H elements of state, G gates.
 *
 * `Recurrence` is Whittle's own: what is left of the three when the products of their inputs are taken out.
 */

import { type Dim, isBound } from '../dim.js';
import type { AttributeSpec, InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { dimAt, requireDType, requireOneOf, requireRank, requireSameDim } from './checks.js';
import { float, floats, formals, int, required, string, strings } from './signature.js';

/** How many gates each kind of cell has. */
const gatesOfCell: Readonly<Record<'LSTM' | 'GRU' | 'RNN', number>> = {
  LSTM: 4,
  GRU: 3,
  RNN: 1,
};

type RecurrentCell = keyof typeof gatesOfCell;

const cellAttributes: Readonly<Record<string, AttributeSpec>> = {
  direction: string('forward'),
  activations: strings(),
  activation_alpha: floats(),
  activation_beta: floats(),
  clip: float(),
};

const ownAttributes: Readonly<Record<RecurrentCell, Readonly<Record<string, AttributeSpec>>>> = {
  LSTM: { input_forget: int(0) },
  GRU: { linear_before_reset: int(0) },
  RNN: {},
};

export const recurrentOps: readonly OpRecord[] = [
  recurrent('LSTM', 'an LSTM over the time steps of each sequence', {
    inputs: 'X W R B? sequence_lens? initial_h? initial_c? P?',
    outputs: 'Y? Y_h? Y_c?',
  }),
  recurrent('GRU', 'a GRU over the time steps of each sequence', {
    inputs: 'X W R B? sequence_lens? initial_h?',
    outputs: 'Y? Y_h?',
  }),
  recurrent('RNN', 'an RNN of one gate over the time steps of each sequence', {
    inputs: 'X W R B? sequence_lens? initial_h?',
    outputs: 'Y? Y_h?',
  }),
  {
    name: 'Recurrence',
    summary: 'the time steps of an LSTM, GRU or RNN, given X · Wᵀ as [T, N, D · G · H]',
    inputs: formals('XW R B? sequence_lens? initial_h? initial_c? P?'),
    outputs: formals('Y? Y_h? Y_c?'),
    attributes: {
      cell: required(string()),
      ...cellAttributes,
      ...ownAttributes.LSTM,
      ...ownAttributes.GRU,
    },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      const cell = requireOneOf(context, 'cell', cells);
      const [length = 0, batch = 0] = requireRank(context, 0, 3);
      return statesOf(context, cell, 1, length, batch);
    },
  },
];

const cells = ['LSTM', 'GRU', 'RNN'] as const;
const directions = ['forward', 'reverse', 'bidirectional'] as const;

function recurrent(
  name: RecurrentCell,
  summary: string,
  signature: { readonly inputs: string; readonly outputs: string },
): OpRecord {
  return {
    name,
    since: 22,
    summary,
    inputs: formals(signature.inputs),
    outputs: formals(signature.outputs),
    attributes: {
      ...cellAttributes,
      ...ownAttributes[name],
      hidden_size: int(),
      layout: int(0),
    },
    traits: { fusion: 'opaque' },
    hint: 'Recurrent ops are compiled where the dims of their weights are known.',
    infer: (context) => {
      const dims = requireRank(context, 0, 3);
      const isBatchFirst = context.int('layout') !== 0;
      const weights = requireRank(context, 1, 3);
      requireSameDim(context, dimAt(context, dims, 2), dimAt(context, weights, 2), 'input sizes');
      const [length = 0, batch = 0] = isBatchFirst ? [dims[1], dims[0]] : dims;
      const outputs = statesOf(context, name, 2, length, batch);
      return isBatchFirst ? outputs.map(batchFirst) : outputs;
    },
  };
}

/** Y of [T, D, N, H], Y_h and Y_c of [D, N, H]; `recurrence` is the input R of [D, G · H, H]. */
function statesOf(
  context: InferContext,
  cell: RecurrentCell,
  recurrence: number,
  length: Dim,
  batch: Dim,
): readonly InferredOutput[] {
  const dtype = requireDType(context, 0, 'float');
  const [directionsOfR = 1, gates = 0, hidden = 0] = requireRank(context, recurrence, 3);
  const direction = requireOneOf(context, 'direction', directions);
  const count = direction === 'bidirectional' ? 2 : 1;
  requireSameDim(context, directionsOfR, count, 'directions');
  if (isBound(gates) && isBound(hidden) && gates !== gatesOfCell[cell] * hidden) {
    context.fail(`has ${gates} rows of R for a state of ${hidden}`);
  }
  const state = { dtype, dims: [count, batch, hidden] };
  return [{ dtype, dims: [length, count, batch, hidden] }, state, state];
}

/** The batch axis, the last but one, comes first. */
function batchFirst({ dtype, dims }: InferredOutput): InferredOutput {
  const batch = dims.at(-2) ?? 1;
  return { dtype, dims: [batch, ...dims.slice(0, -2), ...dims.slice(-1)] };
}

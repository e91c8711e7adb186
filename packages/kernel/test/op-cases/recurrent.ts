import { typedArrayOf } from '@whittle/ir';
import { type CaseInput, f32, feed, fixed, i32, type OpCase, opCase } from './op-case.js';

const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const;
type Cell = keyof typeof gates;

interface Sizes {
  readonly steps?: number;
  readonly batch?: number;
  readonly input?: number;
  readonly hidden?: number;
  readonly directions?: number;
}

/** An eighth of what is varied: gates do not all saturate. */
function weights(dims: readonly number[]): CaseInput {
  const { tensor } = f32(dims);
  const values = [...typedArrayOf(tensor)].map((value) => Number(value) / 8);
  return fixed(f32(dims, values));
}

/** X, W and R. */
function network(cell: Cell, sizes: Sizes = {}): readonly CaseInput[] {
  const { steps = 3, batch = 2, input = 3, hidden = 6, directions = 1 } = sizes;
  const rows = gates[cell] * hidden;
  return [
    f32([steps, batch, input]),
    weights([directions, rows, input]),
    weights([directions, rows, hidden]),
  ];
}

const biasOf = (cell: Cell, directions = 1) => weights([directions, 12 * gates[cell]]);
const stateOf = (directions = 1) => f32([directions, 2, 6]);
const lengths = i32([2], [3, 1]);
const three = { outputs: 3 };
const two = { outputs: 2 };
const hidden_size = 6;
const both = { hidden_size, direction: 'bidirectional' };

export const recurrentCases: readonly OpCase[] = [
  opCase(
    'LSTM',
    [
      ...network('LSTM', { directions: 2 }),
      biasOf('LSTM', 2),
      lengths,
      stateOf(2),
      stateOf(2),
      weights([2, 18]),
    ],
    { ...both, clip: 0.6 },
    three,
  ),
  opCase(
    'LSTM',
    [...network('LSTM', { steps: 1, batch: 1, hidden: 64, input: 5 }), weights([1, 512])],
    { hidden_size: 64 },
    three,
  ),
  opCase(
    'LSTM',
    [...network('LSTM'), biasOf('LSTM'), undefined, stateOf(), stateOf()],
    {
      hidden_size,
      direction: 'reverse',
      input_forget: 1,
      activations: ['HardSigmoid', 'ScaledTanh', 'Softsign'],
      activation_alpha: [0.3, 0.8],
      activation_beta: [0.4, 0.7],
    },
    three,
  ),
  opCase(
    'LSTM',
    [f32([2, 4, 3]), f32([1, 24, 3]), f32([1, 24, 6])],
    { hidden_size },
    {
      ...three,
      note: 'weights that are fed',
    },
  ),
  opCase('GRU', [...network('GRU'), biasOf('GRU')], { hidden_size }, two),
  opCase(
    'GRU',
    [...network('GRU', { directions: 2 }), biasOf('GRU', 2), lengths, stateOf(2)],
    { ...both, linear_before_reset: 1 },
    two,
  ),
  opCase(
    'GRU',
    [...network('GRU', { directions: 2 }), biasOf('GRU', 2), lengths],
    {
      ...both,
      activations: ['Elu', 'Affine', 'LeakyRelu', 'Softplus'],
      activation_alpha: [1, 0.5],
      activation_beta: [0.2],
    },
    two,
  ),
  opCase('GRU', network('GRU', { steps: 1, batch: 1, hidden: 8 }), { hidden_size: 8 }, two),
  opCase('RNN', [...network('RNN'), biasOf('RNN'), lengths, stateOf()], { hidden_size }, two),
  opCase(
    'RNN',
    network('RNN', { directions: 2 }),
    { ...both, activations: ['Relu', 'ThresholdedRelu'], activation_alpha: [0.5] },
    two,
  ),
  opCase(
    'RNN',
    [
      feed('float64', [2, 1, 1], [0.5, -1]),
      feed('float64', [1, 1, 1], [2]),
      feed('float64', [1, 1, 1], [0.5]),
    ],
    { hidden_size: 1 },
    { outputs: 1, expected: [[Math.tanh(1), Math.tanh(Math.tanh(1) / 2 - 2)]] },
  ),
];

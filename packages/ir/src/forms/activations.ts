/** Activations by the names that TensorFlow and Keras give them. */

import { findOp } from '../op-table.js';
import { activationParameters } from '../ops/epilogue.js';

/**
 * A name, or the op with its float attributes in the order of its record; without them they have
 * their defaults. `Clip` takes its bounds, `{ op: 'Clip', parameters: [-1, 1] }`.
 */
export type Activation = ActivationName | ActivationOp;

export interface ActivationOp {
  readonly op: string;
  readonly parameters?: readonly number[];
}

export type ActivationName = keyof typeof activations;

/** What may go by a name: functions on whose parameters, if any, everybody agrees. */
const activations = {
  elu: { op: 'Elu' },
  gelu: { op: 'Gelu' },
  hard_swish: { op: 'HardSwish' },
  mish: { op: 'Mish' },
  relu: { op: 'Relu' },
  relu6: { op: 'Clip', parameters: [0, 6] },
  selu: { op: 'Selu' },
  sigmoid: { op: 'Sigmoid' },
  silu: { op: 'Silu' },
  softplus: { op: 'Softplus' },
  softsign: { op: 'Softsign' },
  tanh: { op: 'Tanh' },
} as const satisfies Readonly<Record<string, ActivationOp>>;

export const activationNames: readonly string[] = Object.keys(activations);

/** The op and all of its parameters; undefined for a name that none has. */
export function findActivation(activation: Activation): Required<ActivationOp> | undefined {
  if (typeof activation !== 'string') return withParameters(activation);
  return Object.hasOwn(activations, activation)
    ? withParameters(activations[activation])
    : undefined;
}

function withParameters(activation: ActivationOp): Required<ActivationOp> {
  const { op, parameters = defaultParameters(op) } = activation;
  return { op, parameters };
}

function defaultParameters(op: string): readonly number[] {
  const specs = findOp(op)?.attributes ?? {};
  return (activationParameters.get(op) ?? []).flatMap((name) => {
    const value = specs[name]?.default;
    return typeof value === 'number' ? [value] : [];
  });
}

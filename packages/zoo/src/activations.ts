/** Activations, in the nodes that exporters write for them. */

import { type GraphBuilder, tensorOf, type Value } from '@whittle/ir';

import { mapped } from './distribution.js';
import { type Features, featuresOf, type Network, named } from './network.js';

export type Activation =
  | 'linear'
  | 'relu'
  | 'relu6'
  | 'sigmoid'
  | 'silu'
  | 'hard-sigmoid'
  | 'hard-swish';

interface ActivationForm {
  readonly curve: (x: number) => number;
  readonly write: (builder: GraphBuilder, name: string, x: Value) => Value;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x: number): number => Math.min(1, Math.max(0, x / 6 + 1 / 2));

/** ReLU6 is a Clip between two constants, and SiLU a product, as exporters write them. */
const forms: Readonly<Record<Exclude<Activation, 'linear'>, ActivationForm>> = {
  relu: {
    curve: (x) => Math.max(0, x),
    write: (builder, name, x) => builder.op('Relu', [x], {}, named(`${name}.relu`)),
  },
  relu6: {
    curve: (x) => Math.min(6, Math.max(0, x)),
    write: (builder, name, x) => {
      const low = builder.constant(tensorOf('float32', [], [0]), `${name}.min`);
      const high = builder.constant(tensorOf('float32', [], [6]), `${name}.max`);
      return builder.op('Clip', [x, low, high], {}, named(`${name}.relu6`));
    },
  },
  sigmoid: {
    curve: sigmoid,
    write: (builder, name, x) => builder.op('Sigmoid', [x], {}, named(`${name}.sigmoid`)),
  },
  silu: {
    curve: (x) => x * sigmoid(x),
    write: (builder, name, x) => {
      const gate = builder.op('Sigmoid', [x], {}, named(`${name}.sigmoid`));
      return builder.op('Mul', [x, gate], {}, named(`${name}.silu`));
    },
  },
  'hard-sigmoid': {
    curve: hardSigmoid,
    write: (builder, name, x) =>
      builder.op('HardSigmoid', [x], { alpha: 1 / 6 }, named(`${name}.hardsigmoid`)),
  },
  'hard-swish': {
    curve: (x) => x * hardSigmoid(x),
    write: (builder, name, x) => builder.op('HardSwish', [x], {}, named(`${name}.hardswish`)),
  },
};

export function activate(
  { builder }: Network,
  name: string,
  x: Features,
  activation: Activation = 'linear',
): Features {
  if (activation === 'linear') return x;
  const { curve, write } = forms[activation];
  return featuresOf(write(builder, name, x.value), mapped(x.distribution, curve));
}

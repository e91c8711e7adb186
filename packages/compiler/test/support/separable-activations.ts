/** The activations that follow convolutions in models, in the form that models have them in. */

import type { GraphBuilder, Value } from '@whittle/ir';
import type { SeparableActivation } from './separable-case.js';

export function addActivation(
  builder: GraphBuilder,
  activation: SeparableActivation,
  value: Value,
): Value {
  return rows[activation](builder, value);
}

type Add = (builder: GraphBuilder, value: Value) => Value;

const rows: Readonly<Record<SeparableActivation, Add>> = {
  none: (_, x) => x,
  Relu: op('Relu'),
  Relu6: clip(0, 6),
  Clip: clip(-0.75, 0.5),
  HardSwish: op('HardSwish'),
  Silu: (builder, x) => builder.op('Mul', [x, builder.op('Sigmoid', [x])]),
  Sigmoid: op('Sigmoid'),
  Tanh: op('Tanh'),
  LeakyRelu: op('LeakyRelu', { alpha: 0.125 }),
  HardSigmoid: op('HardSigmoid', { alpha: 0.25 }),
};

function op(name: string, attributes: Readonly<Record<string, number>> = {}): Add {
  return (builder, x) => builder.op(name, [x], attributes);
}

function clip(low: number, high: number): Add {
  return (builder, x) =>
    builder.op('Clip', [x, builder.scalar('float32', low), builder.scalar('float32', high)]);
}

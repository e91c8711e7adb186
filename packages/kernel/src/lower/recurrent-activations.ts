/**
 * The activations of recurrent cells, by the names that ONNX gives them there, which are not quite those of
 * its ops. Upper and lower case are the same.
 *
 * Source: the LSTM, GRU and RNN of the ONNX specification.
 */

import { optionalAttribute } from '@whittle/ir';
import { add, literal, mul, unary } from '../expr.js';
import type { ElementContext } from './rule.js';
import { type UnaryFunction, unaryFunctions } from './scalar-functions.js';

/** One as a function of its name's own parameters, alpha before beta. */
interface NamedActivation {
  readonly apply: UnaryFunction;
  readonly alpha?: number;
  readonly beta?: number;
}

const none: UnaryFunction = (_, x) => x;
const ofOp = (op: string): UnaryFunction => unaryFunctions[op] ?? none;
const affine: UnaryFunction = (_, x, [alpha = 1, beta = 0]) =>
  add(mul(x, literal(x.dtype, alpha)), literal(x.dtype, beta));
const scaledTanh: UnaryFunction = (_, x, [alpha = 1, beta = 1]) =>
  mul(unary('tanh', mul(x, literal(x.dtype, beta))), literal(x.dtype, alpha));

const activations: Readonly<Record<string, NamedActivation>> = {
  relu: { apply: ofOp('Relu') },
  tanh: { apply: ofOp('Tanh') },
  sigmoid: { apply: ofOp('Sigmoid') },
  softsign: { apply: ofOp('Softsign') },
  softplus: { apply: ofOp('Softplus') },
  leakyrelu: { apply: ofOp('LeakyRelu'), alpha: 0.01 },
  thresholdedrelu: { apply: ofOp('ThresholdedRelu'), alpha: 1 },
  elu: { apply: ofOp('Elu'), alpha: 1 },
  hardsigmoid: { apply: ofOp('HardSigmoid'), alpha: 0.2, beta: 0.5 },
  affine: { apply: affine, alpha: 1, beta: 0 },
  scaledtanh: { apply: scaledTanh, alpha: 1, beta: 1 },
};

/**
 * The activations of each direction, in the order of the cell's formulas; `defaults` are those of one. The
 * lists of alphas and betas have an entry for each activation that takes one.
 */
export function activationsOf(
  context: ElementContext,
  defaults: readonly string[],
  directions: number,
): readonly (readonly UnaryFunction[])[] {
  const { node } = context;
  const written = optionalAttribute(node, 'activations', 'strings') ?? [];
  const names = written.length === 0 ? Array(directions).fill(defaults).flat() : written;
  if (names.length !== directions * defaults.length) {
    context.unsupported(`has ${names.length} activations for ${directions} directions`);
  }
  const alphas = [...(optionalAttribute(node, 'activation_alpha', 'floats') ?? [])];
  const betas = [...(optionalAttribute(node, 'activation_beta', 'floats') ?? [])];
  const functions = names.map((name: string): UnaryFunction => {
    const key = name.toLowerCase();
    const found = Object.hasOwn(activations, key) ? activations[key] : undefined;
    if (found === undefined) return context.unsupported(`has no activation "${name}"`);
    const parameters = [
      ...(found.alpha === undefined ? [] : [alphas.shift() ?? found.alpha]),
      ...(found.beta === undefined ? [] : [betas.shift() ?? found.beta]),
    ];
    return (block, x) => found.apply(block, x, parameters);
  });
  return Array.from({ length: directions }, (_, direction) =>
    functions.slice(direction * defaults.length, (direction + 1) * defaults.length),
  );
}

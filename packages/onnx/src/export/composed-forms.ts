/** Activations that older opsets have no op for, written out in ops that they have. */

import { type Node, optionalAttribute } from '@whittle/ir';
import { Composer } from './composer.js';

/** `x * sigmoid(x)` */
export function siluBySigmoid(node: Node): readonly Node[] {
  const composer = new Composer(node);
  return composer.finish('Mul', composer.x, composer.apply('Sigmoid', composer.x));
}

/** `x * hardSigmoid(x; 1/6, 1/2)` */
export function hardSwishByHardSigmoid(node: Node): readonly Node[] {
  const composer = new Composer(node);
  const slope = { alpha: Math.fround(1 / 6), beta: 0.5 };
  const gate = composer.applyWith('HardSigmoid', slope, composer.x);
  return composer.finish('Mul', composer.x, gate);
}

/** `x * tanh(softplus(x))` */
export function mishByTanh(node: Node): readonly Node[] {
  const composer = new Composer(node);
  const gate = composer.apply('Tanh', composer.apply('Softplus', composer.x));
  return composer.finish('Mul', composer.x, gate);
}

/** `x/2 * (1 + erf(x / √2))` */
export function geluByErf(node: Node): readonly Node[] | undefined {
  if (optionalAttribute(node, 'approximate', 'string') !== 'none') return undefined;
  const composer = new Composer(node);
  const erf = composer.apply('Erf', composer.apply('Div', composer.x, Math.SQRT2));
  const half = composer.apply('Mul', composer.x, 0.5);
  return composer.finish('Mul', half, composer.apply('Add', erf, 1));
}

/** `x/2 * (1 + tanh(√(2/π) * (x + 0.044715 x³)))` */
export function geluByTanh(node: Node): readonly Node[] | undefined {
  if (optionalAttribute(node, 'approximate', 'string') !== 'tanh') return undefined;
  const composer = new Composer(node);
  const bend = composer.apply('Mul', composer.apply('Pow', composer.x, 3), 0.044715);
  const sum = composer.apply('Add', composer.x, bend);
  const tanh = composer.apply('Tanh', composer.apply('Mul', sum, Math.sqrt(2 / Math.PI)));
  const half = composer.apply('Mul', composer.x, 0.5);
  return composer.finish('Mul', half, composer.apply('Add', tanh, 1));
}

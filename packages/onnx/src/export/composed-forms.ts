/** Activations that older opsets have no op for, written out in ops that they have. */

import { type AttributeLiterals, type Node, optionalAttribute, type Value } from '@whittle/ir';
import { scalarTensor } from '../scalar-tensor.js';
import { constantOf, intermediate, nodeFor } from './form.js';

/** Writes nodes one after the other, all of the type of the first input, which is not a half known one. */
class Composer {
  readonly #origin: Node;
  readonly #nodes: Node[] = [];
  readonly #x: Value | undefined;

  constructor(origin: Node) {
    this.#origin = origin;
    this.#x = origin.inputs[0];
  }

  get x(): Value | undefined {
    return this.#x;
  }

  apply(op: string, ...inputs: readonly (Value | number | undefined)[]): Value {
    return this.applyWith(op, {}, ...inputs);
  }

  applyWith(
    op: string,
    attributes: AttributeLiterals,
    ...inputs: readonly (Value | number | undefined)[]
  ): Value {
    const output = intermediate(this.#stem(op), this.#x?.type);
    this.#add(op, attributes, inputs, output);
    return output;
  }

  /** The last node, which defines the output of the node that is written out. */
  finish(op: string, ...inputs: readonly (Value | number | undefined)[]): readonly Node[] {
    this.#add(op, {}, inputs, this.#origin.outputs[0]);
    return this.#nodes;
  }

  #add(
    op: string,
    attributes: AttributeLiterals,
    inputs: readonly (Value | number | undefined)[],
    output: Value | undefined,
  ): void {
    const dtype = this.#x?.type?.dtype ?? 'float32';
    const values = inputs.map((input) =>
      typeof input === 'number'
        ? constantOf(this.#stem('constant'), scalarTensor(dtype, input))
        : input,
    );
    this.#nodes.push(nodeFor(this.#origin, op, values, output, attributes));
  }

  #stem(op: string): string {
    return `${this.#origin.outputs[0]?.name ?? this.#origin.op}_${op}`;
  }
}

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
  const cube = composer.apply('Mul', composer.apply('Mul', composer.x, composer.x), composer.x);
  const sum = composer.apply('Add', composer.x, composer.apply('Mul', cube, 0.044715));
  const tanh = composer.apply('Tanh', composer.apply('Mul', sum, Math.sqrt(2 / Math.PI)));
  const half = composer.apply('Mul', composer.x, 0.5);
  return composer.finish('Mul', half, composer.apply('Add', tanh, 1));
}

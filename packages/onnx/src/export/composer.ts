/** Writing one node as several. */

import type { AttributeLiterals, DType, Node, Value } from '@whittle/ir';
import { scalarTensor } from '../scalar-tensor.js';
import { constantOf, intermediate, nodeFor } from './form.js';

/** A value, or a number that becomes a 0-d constant; undefined for an input that is left out. */
export type Operand = Value | number | undefined;

/** Writes nodes one after the other in the place of `origin`. Numbers become constants of `dtype`. */
export class Composer {
  readonly #origin: Node;
  readonly #dtype: DType;
  readonly #nodes: Node[] = [];

  constructor(origin: Node, dtype: DType = origin.inputs[0]?.type?.dtype ?? 'float32') {
    this.#origin = origin;
    this.#dtype = dtype;
  }

  get x(): Value | undefined {
    return this.#origin.inputs[0];
  }

  apply(op: string, ...inputs: readonly Operand[]): Value {
    return this.applyWith(op, {}, ...inputs);
  }

  applyWith(op: string, attributes: AttributeLiterals, ...inputs: readonly Operand[]): Value {
    const output = intermediate(this.#stem(op), undefined);
    const values = inputs.map((input) =>
      typeof input === 'number'
        ? constantOf(this.#stem('constant'), scalarTensor(this.#dtype, input))
        : input,
    );
    this.#nodes.push(nodeFor(this.#origin, op, values, output, attributes));
    return output;
  }

  /** Applies the last op, whose result is the first output of the node that is written out. */
  finish(op: string, ...inputs: readonly Operand[]): readonly Node[] {
    return this.giving([[this.apply(op, ...inputs), this.#origin.outputs[0]]]);
  }

  /** The nodes so far, with outputs of the model in the place of results, as far as there are any. */
  giving(results: readonly (readonly [Value, Value | undefined])[]): readonly Node[] {
    const outputs = new Map(results);
    const current = (value: Value | undefined) => (value && outputs.get(value)) ?? value;
    return this.#nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(current),
      outputs: node.outputs.map(current),
    }));
  }

  #stem(op: string): string {
    return `${this.#origin.outputs[0]?.name ?? this.#origin.op}_${op}`;
  }
}

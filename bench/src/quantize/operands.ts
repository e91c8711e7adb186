/**
 * The values of a model while it is written quantised: each as floats, as integers, or as one made of
 * the other when a reader asks for it.
 */

import { type GraphBuilder, numbersOf, tensorOf, type Value } from '@whittle/ir';

import {
  type IntegerFormat,
  type Parameters,
  parametersFor,
  quantizeTensor,
  rangeOf,
} from './integer-format.js';

export interface Scaling {
  readonly scale: Value;
  readonly zeroPoint: Value;
}

export interface Integers extends Scaling {
  readonly value: Value;
}

/** Keys are values of the model as it was, what is given back are values of the model that is written. */
export class Operands {
  readonly #builder: GraphBuilder;
  readonly #parameters: ReadonlyMap<Value, Parameters>;
  readonly #format: IntegerFormat;
  readonly #floats = new Map<Value, Value>();
  readonly #integers = new Map<Value, Value>();
  readonly #dequantized = new Map<Value, Value>();
  /** Values that only differ by where their elements are share one of these. */
  readonly #scalings = new Map<Parameters, Scaling>();

  constructor(
    builder: GraphBuilder,
    parameters: ReadonlyMap<Value, Parameters>,
    format: IntegerFormat,
  ) {
    this.#builder = builder;
    this.#parameters = parameters;
    this.#format = format;
  }

  /** For ops that stay as they are. */
  float(value: Value): Value {
    const known = this.#floats.get(value);
    if (known !== undefined) return known;
    if (value.constant === undefined) return this.dequantized(value);
    const made = this.#builder.constant(value.constant, value.name);
    this.#floats.set(value, made);
    return made;
  }

  /** @throws {Error} for a value that has no parameters. */
  integers(value: Value): Integers {
    const scaling = this.scaling(value);
    const known = this.#integers.get(value);
    if (known !== undefined) return { value: known, ...scaling };
    if (value.constant === undefined) throw new Error(`"${value.name}" is read before it is made.`);
    const tensor = quantizeTensor(value.constant, this.#parametersOf(value), this.#format);
    const made = this.#builder.constant(tensor, `${value.name}.quantized`);
    this.#integers.set(value, made);
    return { value: made, ...scaling };
  }

  /** Floats that integers can stand for. */
  dequantized(value: Value): Value {
    const known = this.#dequantized.get(value);
    if (known !== undefined) return known;
    const { value: integers, scale, zeroPoint } = this.integers(value);
    const inputs = [integers, scale, zeroPoint];
    const made = this.#builder.op('DequantizeLinear', inputs, {}, { outputs: [value.name] });
    this.#dequantized.set(value, made);
    return made;
  }

  /** The scale and zero point of a value held as integers, known before the value is. */
  scaling(value: Value): Scaling {
    const parameters = this.#parametersOf(value);
    const known = this.#scalings.get(parameters);
    if (known !== undefined) return known;
    const { scale, zeroPoint } = parameters;
    const { dtype } = this.#format;
    const made = {
      scale: this.#builder.constant(tensorOf('float32', [], [scale]), `${value.name}.scale`),
      zeroPoint: this.#builder.constant(
        tensorOf(dtype, [], [zeroPoint]),
        `${value.name}.zero_point`,
      ),
    };
    this.#scalings.set(parameters, made);
    return made;
  }

  scaleOf(value: Value): number {
    return this.#parametersOf(value).scale;
  }

  /** Says what a value is, as floats; one that is to be held as integers is rounded here. */
  defineFloat(value: Value, floats: Value): void {
    if (!this.#parameters.has(value)) {
      this.#floats.set(value, floats);
      return;
    }
    const { scale, zeroPoint } = this.scaling(value);
    const outputs = [`${value.name}.quantized`];
    const inputs = [floats, scale, zeroPoint];
    this.defineIntegers(value, this.#builder.op('QuantizeLinear', inputs, {}, { outputs }));
  }

  defineIntegers(value: Value, integers: Value): void {
    this.#integers.set(value, integers);
  }

  #parametersOf(value: Value): Parameters {
    const known = this.#parameters.get(value) ?? this.#ofConstants.get(value);
    if (known !== undefined) return known;
    if (value.constant === undefined) throw new Error(`"${value.name}" has no range.`);
    const made = parametersFor(rangeOf(numbersOf(value.constant)), this.#format);
    this.#ofConstants.set(value, made);
    return made;
  }

  readonly #ofConstants = new Map<Value, Parameters>();
}

/**
 * The bindings of a shader, and how their elements are read and written. Where an access takes more
 * than an index, it is a function of the shader, one for each slot.
 */

import { type Expr, index, mul } from '@whittle/kernel';
import { type Code, call, primary } from './code.js';
import type { Slot } from './shader-params.js';
import {
  isOfElements,
  laneCount,
  laneNames,
  valueType,
  type WgslType,
  wgslTypeOf,
} from './types.js';

/** How one element is taken out of the words that hold it, at the element `at`. */
const packed: Partial<Readonly<Record<Slot['dtype'], (name: string) => string>>> = {
  int8: (name) => `extractBits(i32(${name}[at >> 2u]), u32(at & 3) * 8u, 8u)`,
  uint8: (name) => `extractBits(${name}[at >> 2u], u32(at & 3) * 8u, 8u)`,
  bool: (name) => `extractBits(${name}[at >> 2u], u32(at & 3) * 8u, 8u) != 0u`,
  int16: (name) => `extractBits(i32(${name}[at >> 1u]), u32(at & 1) * 16u, 16u)`,
  uint16: (name) => `extractBits(${name}[at >> 1u], u32(at & 1) * 16u, 16u)`,
  float16: (name) => `unpack2x16float(${name}[at >> 1u])[at & 1]`,
  bfloat16: (name) => `bitcast<f32>((${name}[at >> 1u] >> (u32(at & 1) * 16u)) << 16u)`,
};

/** Prints an index. */
type PrintIndex = (at: Expr) => Code;

export class SlotMemory {
  readonly name: string;
  /** The type of an element that is read. */
  readonly type: WgslType;
  readonly isVectors: boolean;
  readonly #slot: Slot;
  readonly #functions = new Map<string, string>();

  /** Elements of an array that a workgroup shares; undefined for a binding. */
  readonly #sharedLength: number | undefined;

  constructor(slot: Slot, name: string, isVectors: boolean, sharedLength?: number) {
    this.#sharedLength = sharedLength;
    this.#slot = slot;
    this.name = name;
    this.type = wgslTypeOf(slot.dtype);
    this.isVectors = isVectors;
  }

  /** Every identifier that a slot of this name may bring to a module. */
  static identifiers(name: string): readonly string[] {
    return [name, `load_${name}`, `load_${name}_lanes`, `store_${name}_lanes`];
  }

  declaration(binding: number): string {
    const { access } = this.#slot;
    const element = this.#heldType(this.isVectors);
    if (this.#sharedLength !== undefined) {
      const length = this.isVectors
        ? Math.ceil(this.#sharedLength / laneCount)
        : this.#sharedLength;
      return `var<workgroup> ${this.name}: array<${element}, ${length}>;`;
    }
    return `@group(0) @binding(${binding}) var<storage, ${access}> ${this.name}: array<${element}>;`;
  }

  /** The functions that were asked for. */
  functions(): readonly string[] {
    return [...this.#functions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  }

  /** One element, of an array that is not of vectors or whose element's lane is not known. */
  load(at: Expr, print: PrintIndex): Code {
    const { dtype } = this.#slot;
    if (dtype === 'int64' || dtype === 'uint64') {
      // The low word.
      const word = this.#element(print(mul(at, index(2))));
      return dtype === 'int64' ? call('i32', [word]) : word;
    }
    if (isOfElements(this.#slot) && !this.isVectors) return this.#element(print(at));
    return call(this.#loadFunction(), [print(at)]);
  }

  /** The vector at a place in vectors, or one lane of it. */
  vector(place: Code, lane?: number): Code {
    if (lane === undefined) return this.#element(place, true);
    return this.#loaded(`${this.name}[${place.text}].${laneNames[lane]}`);
  }

  /** The statement that stores an element, or the vector at a place in vectors. */
  store(place: Code, value: Code): string {
    return `${this.name}[${place.text}] = ${this.#stored(value).text};`;
  }

  /** One element for each lane, `ramp` apart. */
  loadLanes(at: Code, ramp: number): Code {
    const name = `load_${this.name}_lanes`;
    const vector = valueType(this.type, true);
    this.#functions.set(
      name,
      [
        `fn ${name}(at: i32, ramp: i32) -> ${vector} {`,
        `  return ${vector}(${this.#lanePlaces()
          .map((place) => this.#loadText(place))
          .join(', ')});`,
        '}',
      ].join('\n'),
    );
    return call(name, [at, primary(String(ramp))], true);
  }

  /** The statement that stores one element for each lane, `ramp` apart. */
  storeLanes(at: Code, ramp: number, lanes: Code): string {
    const name = `store_${this.name}_lanes`;
    const stores = this.#lanePlaces().map(
      (place, lane) => `  ${this.store(primary(place), primary(`lanes.${laneNames[lane]}`))}`,
    );
    const header = `fn ${name}(at: i32, ramp: i32, lanes: ${valueType(this.type, true)}) {`;
    this.#functions.set(name, [header, ...stores, '}'].join('\n'));
    return `${call(name, [at, primary(String(ramp)), lanes]).text};`;
  }

  #element(place: Code, lanes = false): Code {
    return this.#loaded(`${this.name}[${place.text}]`, lanes);
  }

  /** The type of what the array holds. */
  #heldType(lanes: boolean): string {
    if (this.#slot.isNative) return lanes ? `vec${laneCount}<f16>` : 'f16';
    return valueType(isOfElements(this.#slot) ? this.type : 'u32', lanes);
  }

  /** Elements that are held in halves arrive as floats. */
  #loaded(text: string, lanes = false): Code {
    const element = primary(text, lanes);
    return this.#slot.isNative ? call(valueType(this.type, lanes), [element], lanes) : element;
  }

  #stored(value: Code): Code {
    return this.#slot.isNative ? call(this.#heldType(value.lanes), [value], value.lanes) : value;
  }

  #lanePlaces(): readonly string[] {
    return laneNames.map((_, lane) =>
      lane === 0 ? 'at' : lane === 1 ? 'at + ramp' : `at + ${lane} * ramp`,
    );
  }

  #loadText(place: string): string {
    const isCalled = this.isVectors || !isOfElements(this.#slot);
    return isCalled ? `${this.#loadFunction()}(${place})` : this.#element(primary(place)).text;
  }

  #loadFunction(): string {
    const name = `load_${this.name}`;
    const unpack = isOfElements(this.#slot) ? undefined : packed[this.#slot.dtype];
    const value = unpack?.(this.name) ?? this.#loaded(`${this.name}[at >> 2u][at & 3]`).text;
    this.#functions.set(name, `fn ${name}(at: i32) -> ${this.type} {\n  return ${value};\n}`);
    return name;
  }
}

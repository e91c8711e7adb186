/**
 * The notation in which op records are written: inputs and outputs as one string, attributes as
 * calls that name their kind, so that a record reads like the signature in a manual.
 */

import type { AttributeSpec, Formal } from '../op-record.js';

/** Formals from their names: `X W B?` has an optional third, `inputs*` is variadic. */
export function formals(text: string): readonly Formal[] {
  const words = text.split(' ').filter((word) => word !== '');
  return words.map((word): Formal => {
    if (word.endsWith('?')) return { name: word.slice(0, -1), optional: true };
    if (word.endsWith('*')) return { name: word.slice(0, -1), variadic: true };
    return { name: word };
  });
}

/** An integer attribute; without a default it may be absent. */
export function int(value?: number): AttributeSpec {
  return value === undefined ? { kind: 'int' } : { kind: 'int', default: value };
}

export function ints(value?: readonly number[]): AttributeSpec {
  return value === undefined ? { kind: 'ints' } : { kind: 'ints', default: value };
}

/** A float attribute. Models hold these in single precision, so the default is rounded to it. */
export function float(value?: number): AttributeSpec {
  return value === undefined ? { kind: 'float' } : { kind: 'float', default: Math.fround(value) };
}

export function floats(): AttributeSpec {
  return { kind: 'floats' };
}

export function string(value?: string): AttributeSpec {
  return value === undefined ? { kind: 'string' } : { kind: 'string', default: value };
}

export function strings(): AttributeSpec {
  return { kind: 'strings' };
}

export function tensor(): AttributeSpec {
  return { kind: 'tensor' };
}

export function required(spec: AttributeSpec): AttributeSpec {
  return { ...spec, required: true };
}

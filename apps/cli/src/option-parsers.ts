/** The arguments of options, read. */

import type { Policy, Precision } from '@whittle/compiler';
import { InvalidArgumentError } from 'commander';

/** What `--fuse` and `--split-group-conv` take. */
export const policies: readonly Policy[] = ['auto', 'all', 'none'];

/** What `--constant` gives an input: numbers, or the path of a file that holds a tensor. */
export type ConstantSource = number | readonly number[] | { readonly file: string };

/** What `--precision` takes. */
export const precisions: readonly Precision[] = ['f32', 'f16'];

/**
 * Writes out the value of a `--split-group-conv` that stands by itself, which is `all`: commander
 * would take the word after it, the model, for its value.
 */
export function withPolicies(args: readonly string[]): string[] {
  const isPolicy = (text = '') => policies.some((policy) => policy === text);
  return args.map((arg, i) =>
    arg === '--split-group-conv' && !isPolicy(args[i + 1]) ? `${arg}=all` : arg,
  );
}

/** `NAME:1,3,224,224`, the last colon counts; added to what earlier options gave. */
export function parseShape(
  text: string,
  previous: Readonly<Record<string, readonly number[]>> = {},
): Record<string, readonly number[]> {
  const colon = text.lastIndexOf(':');
  const dims = text.slice(colon + 1);
  if (colon < 0 || !/^(\d+(,\d+)*)?$/.test(dims)) {
    throw new InvalidArgumentError('It should be NAME:1,3,224,224.');
  }
  const sizes = dims === '' ? [] : dims.split(',').map(Number);
  return withEntry(previous, text.slice(0, colon), sizes);
}

/** `NAME=N`, the last equals sign counts. */
export function parseDim(
  text: string,
  previous: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const match = /^(.*)=(\d+)$/s.exec(text);
  if (match === null) throw new InvalidArgumentError('It should be NAME=N.');
  return withEntry(previous, match[1] ?? '', Number(match[2]));
}

/** `NAME=5` of rank 0, `NAME=5,` and `NAME=1,2` of rank 1, or a file; the first equals sign counts. */
export function parseConstant(
  text: string,
  previous: Readonly<Record<string, ConstantSource>> = {},
): Record<string, ConstantSource> {
  const equals = text.indexOf('=');
  const value = text.slice(equals + 1);
  const items = value.replace(/,$/, '').split(',');
  const numbers = items.map((item) => (item.trim() === '' ? Number.NaN : Number(item)));
  const isFile = /\.(npy|pb)$/.test(value);
  if (equals < 0 || (!isFile && numbers.some((number) => Number.isNaN(number)))) {
    throw new InvalidArgumentError('It should be NAME=5, NAME=1,2, NAME=FILE.npy or NAME=FILE.pb.');
  }
  const [first = 0] = numbers;
  const given = value.includes(',') ? numbers : first;
  return withEntry(previous, text.slice(0, equals), isFile ? { file: value } : given);
}

/** `NAME=SOURCE`, the first equals sign counts. */
export function parseInput(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 0 || equals + 1 === text.length) {
    throw new InvalidArgumentError('It should be NAME=FILE.npy, NAME=FILE.pb or NAME=random.');
  }
  return withEntry(previous, text.slice(0, equals), text.slice(equals + 1));
}

/** A number that is not negative. */
export function parseTolerance(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('It should be a number such as 1e-4.');
  return value;
}

/** A whole number above 0. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It should be a whole number above 0.');
}

/** `a,b,c`, and options that repeat. */
export function parseList(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...text.split(',').filter((item) => item !== '')];
}

/** Names are whatever a model calls its inputs, `__proto__` too, which an assignment would not define. */
function withEntry<T>(
  record: Readonly<Record<string, T>>,
  name: string,
  value: T,
): Record<string, T> {
  return Object.fromEntries([...Object.entries(record), [name, value]]);
}

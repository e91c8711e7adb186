/** `--input NAME=FILE.npy|FILE.pb|random`: what a model is run on. */

import {
  CompilerError,
  type ModelOptions,
  randomTensor,
  readTensor,
  type TensorData,
  type TensorSignature,
  tensorData,
} from '@whittle/compiler';
import { formatSignature } from './format.js';
import { decodeNpy } from './npy.js';
import type { ConstantSource } from './option-parsers.js';
import { readFile } from './read-file.js';

export interface InputFeeds {
  /** The dims of the inputs that come from files, which so bind dims without numbers. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Undefined for an input that nobody gives. */
  feed(input: TensorSignature): TensorData | undefined;
}

/**
 * Reads the files.
 * @throws {CompilerError} `E_IO`, `E_INVALID_OPTION` where a file holds no array.
 */
export function readFeeds(sources: Readonly<Record<string, string>> = {}): InputFeeds {
  const given = new Map(
    Object.entries(sources).flatMap(([name, source]) =>
      source === 'random' ? [] : [[name, readArray(source)] as const],
    ),
  );
  return {
    shapes: Object.fromEntries([...given].map(([name, { dims }]) => [name, dims])),
    feed: (input) => {
      const tensor = given.get(input.name);
      return tensor && fitting(tensor, input);
    },
  };
}

/** A feed for each input, pseudo-random where none is given. */
export function completeFeeds(
  inputs: readonly TensorSignature[],
  { feed }: InputFeeds,
): Readonly<Record<string, TensorData>> {
  return Object.fromEntries(
    inputs.map((input, i) => [input.name, feed(input) ?? randomTensor(input, i)]),
  );
}

/** @throws {CompilerError} `E_INVALID_OPTION` for a name that is no input. */
export function requireInputs(
  sources: Readonly<Record<string, string>> = {},
  inputs: readonly TensorSignature[],
): void {
  for (const name of Object.keys(sources)) {
    if (inputs.some((input) => input.name === name)) continue;
    throw new CompilerError('E_INVALID_OPTION', `There is no input ${JSON.stringify(name)}.`, {
      hint: `The inputs are ${inputs.map((input) => JSON.stringify(input.name)).join(', ')}.`,
    });
  }
}

/**
 * Reads the files among what inputs are bound to.
 * @throws {CompilerError} `E_IO`, `E_INVALID_OPTION` where a file holds no array.
 */
export function readConstants(
  sources: Readonly<Record<string, ConstantSource>>,
): NonNullable<ModelOptions['constants']> {
  const entries = Object.entries(sources).map(([name, source]) => {
    if (typeof source === 'number' || !('file' in source)) return [name, source] as const;
    const { dtype, dims, data } = readArray(source.file);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, { dtype, dims, bytes }] as const;
  });
  return Object.fromEntries(entries);
}

function readArray(path: string): TensorData {
  const bytes = readFile(path);
  if (path.endsWith('.npy')) return decodeNpy(bytes, path);
  if (path.endsWith('.pb')) return tensorData(readTensor(bytes));
  throw new CompilerError('E_INVALID_OPTION', `${JSON.stringify(path)} is of no known kind.`, {
    hint: 'An input is a .npy file, a .pb file with one TensorProto, or the word random.',
  });
}

/** bfloat16 comes as its bits, since NumPy has no such type. */
function fitting(tensor: TensorData, input: TensorSignature): TensorData {
  const bits = input.dtype === 'bfloat16' && tensor.dtype === 'uint16';
  const data = bits ? { ...tensor, dtype: 'bfloat16' as const } : tensor;
  if (formatSignature(data) === formatSignature(input)) return data;
  throw new CompilerError(
    'E_INVALID_OPTION',
    `Input ${JSON.stringify(input.name)} takes ${formatSignature(input)}, not ${formatSignature(tensor)}.`,
    { where: { tensor: input.name } },
  );
}

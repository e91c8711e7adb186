/** Runs every row of docs/numerics.md: the tables there are the cases here. */

import { readFileSync } from 'node:fs';
import {
  bfloat16ToNumber,
  dtypeFromShort,
  dtypes,
  float16ToNumber,
  GraphBuilder,
  numberToBfloat16,
  numberToFloat16,
  tensorOf,
  typedArrayOf,
  type Value,
} from '@whittle/ir';
import { interpretProgram, lowerGraph, type TensorData } from '@whittle/kernel';
import { describe, expect, it } from 'vitest';
import { emitJsModule, jsCapabilities } from '../src/index.js';
import { loadModel } from './load-module.js';

const page = readFileSync(new URL('../../../docs/numerics.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(
  ([, expression = '', gives = '']) => ({
    expression,
    gives,
  }),
);

describe('docs/numerics.md', () => {
  it('has all of its rows read', () => {
    const written = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(written.length);
  });

  it.each(rows)('$expression gives $gives', async ({ expression, gives }) => {
    const builder = new GraphBuilder('row');
    const feeds: Record<string, TensorData> = {};
    const result = parseExpression(expression, builder, feeds);
    builder.output('y', result);
    const program = lowerGraph(builder.build(), jsCapabilities);
    const model = await loadModel(await emitJsModule(program, { stem: 'row', inline: false }));
    const dtype = elementType(result);
    const [wanted] = elementsOf(dtype, [gives]);
    for (const { y } of [interpretProgram(program, feeds), model.run(feeds)]) {
      expect(y?.data).toHaveLength(1);
      expect(numberOf(dtype, y?.data[0])).toEqual(numberOf(dtype, wanted));
    }
  });
});

/** `Op(argument, …, attribute=value)`, or an operand: `f32 1`, `i64 [1, 2]`. */
function parseExpression(
  text: string,
  builder: GraphBuilder,
  feeds: Record<string, TensorData>,
): Value {
  const call = /^([A-Z]\w*)\((.*)\)$/.exec(text);
  if (call === null) return parseOperand(text, builder, feeds);
  const [, op = '', inside = ''] = call;
  const args = splitArguments(inside);
  const attributes = args.flatMap((arg) => {
    const [, name, value = ''] = /^([a-z_]+)=(\S+)$/.exec(arg) ?? [];
    return name === undefined
      ? []
      : [[name, name === 'to' ? codeOf(value) : literalOf(value)] as const];
  });
  const inputs = args.filter((arg) => !/^[a-z_]+=/.test(arg));
  return builder.op(
    op,
    inputs.map((arg) => parseExpression(arg, builder, feeds)),
    Object.fromEntries(attributes),
  );
}

/** At the commas that are in no bracket. */
function splitArguments(text: string): string[] {
  return text.split(/, (?![^[(]*[\])])/).map((part) => part.trim());
}

function parseOperand(
  text: string,
  builder: GraphBuilder,
  feeds: Record<string, TensorData>,
): Value {
  const [, short = '', list, single = ''] = /^(\w+) (?:\[(.*)\]|(\S+))$/.exec(text) ?? [];
  const dtype = dtypeOf(short);
  const words = list === undefined ? [single] : list.split(', ');
  const dims = list === undefined ? [] : [words.length];
  const name = `x${Object.keys(feeds).length}`;
  feeds[name] = {
    dtype,
    dims,
    data: typedArrayOf(tensorOf(dtype, dims, elementsOf(dtype, words))),
  };
  return builder.input(name, dtype, dims);
}

type ElementType = TensorData['dtype'];

/** Words as elements of a tensor: 16-bit floats as their bits. */
function elementsOf(dtype: ElementType, words: readonly string[]): (number | bigint)[] {
  return words.map((word) => {
    if (dtype === 'int64' || dtype === 'uint64') return BigInt(word);
    const value =
      word === 'true' ? 1 : word === 'false' ? 0 : Number(word.replace('inf', 'Infinity'));
    if (Number.isNaN(value) && word !== 'NaN') throw new Error(`"${word}" is no number.`);
    if (dtype === 'float16') return numberToFloat16(value);
    if (dtype === 'bfloat16') return numberToBfloat16(value);
    return dtype === 'float32' ? Math.fround(value) : value;
  });
}

function numberOf(dtype: ElementType, element: number | bigint | undefined): unknown {
  if (dtype === 'float16') return float16ToNumber(Number(element));
  return dtype === 'bfloat16' ? bfloat16ToNumber(Number(element)) : element;
}

function literalOf(word: string): number | string {
  return /^\d+$/.test(word) ? Number(word) : word;
}

function dtypeOf(short: string): ElementType {
  const dtype = dtypeFromShort(short);
  if (dtype === undefined || dtype === 'string') throw new Error(`"${short}" is no dtype.`);
  return dtype;
}

function codeOf(short: string): number {
  return dtypes[dtypeOf(short)].code;
}

function elementType({ name, type }: Value): ElementType {
  const dtype = type?.dtype;
  if (dtype === undefined || dtype === 'string') throw new Error(`"${name}" holds no numbers.`);
  return dtype;
}

/**
 * Einsum: sums of products by an equation over subscripts, as `bij,bjk->bik`. An ellipsis stands
 * for leading axes that broadcast. Without an arrow the result has the subscripts that occur once,
 * in alphabetical order.
 */

import { type Dim, formatDims } from '../dim.js';
import type { InferContext, OpRecord } from '../op-record.js';
import { broadcastDims } from './broadcast.js';
import { requireDType, requireSameDim, requireSameDType } from './checks.js';
import { allAxes } from './shape-operands.js';
import { formals, required, string } from './signature.js';

export const einsumOps: readonly OpRecord[] = [
  {
    name: 'Einsum',
    since: 12,
    summary: 'sums of products of the inputs, by an equation over subscripts',
    inputs: formals('Inputs*'),
    outputs: formals('Output'),
    attributes: { equation: required(string()) },
    traits: { fusion: 'opaque' },
    infer: (context) => {
      requireDType(context, 0, 'number');
      const dtype = requireSameDType(context, allAxes(context.inputCount));
      return [{ dtype, dims: summedDims(context) }];
    },
  },
];

/** Subscripts of one operand around its ellipsis, if it has one. */
interface Subscripts {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly ellipsis: boolean;
}

function summedDims(context: InferContext): readonly Dim[] {
  const equation = context.string('equation').replaceAll(' ', '');
  const [left = '', right, more] = equation.split('->');
  const operands = left.split(',').map((text) => parseSubscripts(context, text));
  if (more !== undefined || operands.length !== context.inputCount) {
    context.fail(`has the equation "${equation}" for ${context.inputCount} inputs`);
  }
  const sizes = new Map<string, Dim>();
  const broadcast = operands.map((operand, index) =>
    bindSubscripts(context, operand, index, sizes),
  );
  const ellipsis = broadcastDims(context, broadcast);
  const result = right === undefined ? impliedResult(operands) : parseSubscripts(context, right);
  const letters = [...result.before, ...result.after];
  if (new Set(letters).size !== letters.length) context.fail('repeats a subscript in its result');
  const sizeOf = (letter: string) =>
    sizes.get(letter) ?? context.fail(`has the subscript "${letter}" in its result only`);
  return [
    ...result.before.map(sizeOf),
    ...(result.ellipsis ? ellipsis : []),
    ...result.after.map(sizeOf),
  ];
}

function parseSubscripts(context: InferContext, text: string): Subscripts {
  const match = /^([A-Za-z]*)(\.\.\.)?([A-Za-z]*)$/.exec(text);
  if (match === null) return context.fail(`has the subscripts "${text}"`);
  const [, before = '', ellipsis, after = ''] = match;
  return { before: [...before], after: [...after], ellipsis: ellipsis !== undefined };
}

/** Notes the size of each subscript of an input; returns the dims that its ellipsis stands for. */
function bindSubscripts(
  context: InferContext,
  { before, after, ellipsis }: Subscripts,
  index: number,
  sizes: Map<string, Dim>,
): readonly Dim[] {
  const { dims } = context.input(index);
  const covered = dims.length - before.length - after.length;
  if (covered < 0 || (covered > 0 && !ellipsis)) {
    context.fail(`has ${before.length + after.length} subscripts for ${formatDims(dims)}`);
  }
  const labelled = [...dims.slice(0, before.length), ...dims.slice(before.length + covered)];
  [...before, ...after].forEach((letter, i) => {
    const dim = labelled[i] ?? 1;
    const known = sizes.get(letter);
    sizes.set(letter, known === undefined ? dim : sharedSize(context, known, dim, letter));
  });
  return dims.slice(before.length, before.length + covered);
}

/** The size of a subscript that occurs twice: a dim of 1 repeats. */
function sharedSize(context: InferContext, a: Dim, b: Dim, letter: string): Dim {
  if (a === 1) return b;
  return b === 1 ? a : requireSameDim(context, a, b, `dims of subscript "${letter}"`);
}

function impliedResult(operands: readonly Subscripts[]): Subscripts {
  const letters = operands.flatMap(({ before, after }) => [...before, ...after]);
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return {
    before: [],
    ellipsis: operands.some(({ ellipsis }) => ellipsis),
    after: once.toSorted(),
  };
}

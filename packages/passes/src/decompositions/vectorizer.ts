/**
 * Counting n-grams. Those of one length are compared, all at once, with the windows of that length:
 * [N,1,windows,n] with [grams,1,n]. In a window with a skip of s, s elements lie between two that count.
 */

import {
  isBound,
  type Node,
  optionalAttribute,
  type Rewriter,
  requiredAttribute,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { type Steps, stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const vectorizer = [
  decomposition(
    'TfIdfVectorizer',
    'tf(x)[g] → sum over windows(all(window = g))',
    ({ root }, rewriter) => vectorize(root, rewriter),
  ),
];

function vectorize(root: Node, rewriter: Rewriter): Value | undefined {
  const [x] = root.inputs;
  const pool = optionalAttribute(root, 'pool_int64s', 'ints');
  const length = x?.type?.dims.at(-1);
  const places = requiredAttribute(root, 'ngram_indexes', 'ints');
  if (!x?.type || !pool || length === undefined || !isBound(length)) return undefined;
  const width = Number(root.outputs[0]?.type?.dims.at(-1) ?? 0);
  if (new Set(places).size < places.length || Math.max(width, length) > maxSize) return undefined;
  const steps = stepsOf(rewriter);
  const batch = steps.reshape(steps.cast(x, 'int64'), [-1, length]);
  const families = gramsOf(root, pool);
  const grams = families.reduce((sum, { count }) => sum + count, 0);
  const isWhole = families.every(({ count }) => Number.isInteger(count));
  if (!isWhole || grams !== places.length || grams === 0) return undefined;
  const counts = families.map((family) =>
    countFamily(root, rewriter, steps, batch, length, family),
  );
  const all = rewriter.op('Concat', counts, { axis: 1 });
  const counted = inPlace(rewriter, steps, all, places, width);
  const result = weighted(root, rewriter, steps, counted, places, width);
  return x.type.dims.length === 1 ? steps.reshape(result, [-1]) : result;
}

/** Longer texts and wider results are left alone. */
const maxSize = 1 << 20;

interface Family {
  /** The length of each of its grams. */
  readonly size: number;
  /** How many there are. */
  readonly count: number;
  /** One after the other. */
  readonly elements: readonly number[];
}

/** `ngram_counts` says where in the pool the grams of each length begin. */
function gramsOf(root: Node, pool: readonly number[]): readonly Family[] {
  const starts = requiredAttribute(root, 'ngram_counts', 'ints');
  return starts.flatMap((start, i) => {
    const elements = pool.slice(start, starts[i + 1] ?? pool.length);
    const size = i + 1;
    return elements.length === 0 ? [] : [{ size, count: elements.length / size, elements }];
  });
}

/** How often each gram occurs in each row of the batch, [N,grams]. */
function countFamily(
  root: Node,
  rewriter: Rewriter,
  steps: Steps,
  batch: Value,
  length: number,
  { size, count, elements }: Family,
): Value {
  const least = requiredAttribute(root, 'min_gram_length', 'int');
  const most = requiredAttribute(root, 'max_gram_length', 'int');
  const skips = size === 1 ? 0 : requiredAttribute(root, 'max_skip_count', 'int');
  const windows: number[] = [];
  for (let skip = 0; skip <= skips && size >= least && size <= most; skip++) {
    const reach = (size - 1) * (skip + 1);
    if (reach >= length) break;
    for (let start = 0; start + reach < length; start++) {
      for (let i = 0; i < size; i++) windows.push(start + i * (skip + 1));
    }
  }
  const rows = windows.length / size;
  const indices = rewriter.constant(tensorOf('int64', [rows, size], windows));
  const seen = rewriter.op('Gather', [batch, indices], { axis: 1 });
  const grams = rewriter.constant(tensorOf('int64', [count, 1, size], elements));
  const column = rewriter.op('Unsqueeze', [seen, steps.ints([1])]);
  const equal = steps.cast(steps.apply('Equal', [column, grams]), 'float32');
  return steps.reduce('ReduceSum', steps.reduce('ReduceMin', equal, [3], 0), [2], 0);
}

/** Each count at its place in the output; 0 where no gram has one. */
function inPlace(
  rewriter: Rewriter,
  steps: Steps,
  counts: Value,
  places: readonly number[],
  width: number,
): Value {
  const sources = Array<number>(width).fill(places.length);
  for (const [gram, place] of places.entries()) sources[place] = gram;
  const padded = steps.pad(counts, [0, 0], [0, 1], 0);
  const indices = rewriter.constant(tensorOf('int64', [width], sources));
  return rewriter.op('Gather', [padded, indices], { axis: 1 });
}

function weighted(
  root: Node,
  rewriter: Rewriter,
  steps: Steps,
  counts: Value,
  places: readonly number[],
  width: number,
): Value {
  const mode = requiredAttribute(root, 'mode', 'string');
  const weights = optionalAttribute(root, 'weights', 'floats') ?? [];
  const occurs = () => steps.cast(steps.apply('Greater', [counts, 0]), 'float32');
  const base = mode === 'IDF' ? occurs() : counts;
  if (mode === 'TF' || weights.length === 0) return base;
  const byPlace = Array<number>(width).fill(0);
  for (const [gram, place] of places.entries()) byPlace[place] = weights[gram] ?? 1;
  return steps.apply('Mul', [base, rewriter.constant(tensorOf('float32', [width], byPlace))]);
}

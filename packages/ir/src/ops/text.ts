/** Ops of texts: counting n-grams of numbers, and those of strings, which no target has. */

import type { OpRecord } from '../op-record.js';
import { requireOneOf } from './checks.js';
import { floats, formals, int, ints, required, string, strings } from './signature.js';

const hint = 'Targets have no strings. Turn texts into numbers before the model.';

export const textOps: readonly OpRecord[] = [
  {
    name: 'TfIdfVectorizer',
    since: 9,
    summary: 'how often each n-gram of a pool occurs, weighted',
    inputs: formals('X'),
    outputs: formals('Y'),
    attributes: {
      max_gram_length: required(int()),
      max_skip_count: required(int()),
      min_gram_length: required(int()),
      mode: required(string()),
      ngram_counts: required(ints()),
      ngram_indexes: required(ints()),
      pool_int64s: ints(),
      pool_strings: strings(),
      weights: floats(),
    },
    traits: { fusion: 'opaque' },
    hint: 'TfIdfVectorizer is compiled for integers, whose count is known, and a pool of integers.',
    infer: (context) => {
      const { dims } = context.input(0);
      if (dims.length < 1 || dims.length > 2) context.fail('takes one text, or a batch of them');
      requireOneOf(context, 'mode', ['TF', 'IDF', 'TFIDF']);
      const places = context.ints('ngram_indexes');
      if (places.some((place) => place < 0)) context.fail('has a place below 0');
      const width = places.reduce((most, at) => Math.max(most, at + 1), 0);
      return [{ dtype: 'float32', dims: [...dims.slice(0, -1), width] }];
    },
  },
  ofStrings('StringNormalizer', 10, 'strings without stop words, in one case', 'X', 'Y'),
  ofStrings('StringConcat', 20, 'two strings joined', 'X Y', 'Z'),
  ofStrings('StringSplit', 20, 'strings in parts, and how many there are', 'X', 'Y Z?'),
  ofStrings('RegexFullMatch', 20, 'whether a string matches a pattern', 'X', 'Y'),
];

function ofStrings(
  name: string,
  since: number,
  summary: string,
  inputs: string,
  outputs: string,
): OpRecord {
  return {
    name,
    since,
    summary,
    inputs: formals(inputs),
    outputs: formals(outputs),
    attributes: {},
    traits: { fusion: 'opaque' },
    hint,
    infer: () => undefined,
  };
}

import { i32, i64, type OpCase, opCase } from './op-case.js';

const text = i64([2, 6], [1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8]);
const pool = {
  ngram_counts: [0, 4],
  ngram_indexes: [2, 0, 4, 3, 5, 7, 1],
  pool_int64s: [2, 3, 5, 4, 5, 6, 7, 8, 6, 7],
};
const pairs = { min_gram_length: 2, max_gram_length: 2, max_skip_count: 0, mode: 'TF', ...pool };

export const textCases: readonly OpCase[] = [
  opCase('TfIdfVectorizer', [text], pairs),
  opCase('TfIdfVectorizer', [text], { ...pairs, min_gram_length: 1, max_skip_count: 5 }),
  opCase('TfIdfVectorizer', [i32([6], [8, 6, 7, 5, 6, 8])], { ...pairs, max_skip_count: 1 }),
  ...['IDF', 'TFIDF'].map((mode) =>
    opCase('TfIdfVectorizer', [text], {
      ...pairs,
      min_gram_length: 1,
      max_skip_count: 1,
      mode,
      ngram_indexes: [2, 0, 4, 3, 5, 6, 1],
      weights: [0.5, 2, 3, 4, 5, 6, 7],
    }),
  ),
];

/** What no target will run, and what its owner is told to do about it. */

import { CompilerError, GraphBuilder, tensorOf, type Value } from '@whittle/ir';
import { lowerGraph } from '@whittle/kernel';
import { expect, test } from 'vitest';
import { testTarget } from './op-cases/interpret-graph.js';

type Build = (builder: GraphBuilder, x: Value, text: Value) => Value;

// biome-ignore format: a table
const refused: readonly (readonly [title: string, code: string, hint: string, build: Build])[] = [
  ['random numbers', 'E_UNSUPPORTED_OP', 'random numbers', (b) => b.op('RandomUniform', [], { shape: [2] })],
  ['random numbers like others', 'E_UNSUPPORTED_OP', 'random numbers', (b, x) => b.op('RandomNormalLike', [x])],
  ['a draw', 'E_UNSUPPORTED_OP', 'random numbers', (b, x) => b.op('Bernoulli', [x])],
  ['draws of classes', 'E_UNSUPPORTED_OP', 'random numbers', (b, x) => b.op('Multinomial', [x])],
  ['a sequence that is a result', 'E_UNSUPPORTED_OP', 'the tensors themselves', (b, x) => b.op('SequenceConstruct', [x])],
  ['an op of strings', 'E_UNSUPPORTED_OP', 'no strings', (b, _, text) => b.op('StringNormalizer', [text])],
  ['n-grams of strings', 'E_UNSUPPORTED_OP', 'a pool of integers', (b, _, text) => b.op('TfIdfVectorizer', [text], { max_gram_length: 1, min_gram_length: 1, max_skip_count: 0, mode: 'TF', ngram_counts: [0], ngram_indexes: [0], pool_strings: ['a'] })],
  ['a cast to strings', 'E_UNSUPPORTED_FEATURE', 'no strings', (b, x) => b.op('Cast', [x], { to: 8 })],
  ['strings that are compared', 'E_UNSUPPORTED_FEATURE', 'no strings', (b, _, text) => b.op('Equal', [text, b.constant({ ...tensorOf('bool', [0], []), dtype: 'string', dims: [1], strings: ['a'] })])],
];

test.each(refused)('%s: %s', (_, code, hint, build) => {
  const builder = new GraphBuilder('refused');
  const x = builder.input('x', 'float32', [2, 3]);
  builder.output('y', build(builder, x, builder.input('text', 'string', [4])));
  const error = errorOf(() => lowerGraph(builder.build(), testTarget));
  expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof CompilerError) return error;
    throw error;
  }
}

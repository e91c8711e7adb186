/**
 * Optionals; and what no target computes: strings, files of images, and numbers by chance, which could not be
 * repeated.
 */

import { f32, feed } from '../../../kernel/test/op-cases/op-case.js';
import { f, i, ints as list, node, s } from '../onnx-models.js';
import { inEachFloat, type OpsetCase, opsetCase, text } from './opset-case.js';

const refused = { refused: 'E_UNSUPPORTED_OP' } as const;
const words = text([2], ['a,b', 'c']);

/** An Optional of a tensor, and an op that reads it. */
const throughOptional = (op: string) => ({
  note: 'of an optional',
  nodes: [node('Optional', ['x0'], ['o']), node(op, ['o'], ['y'])],
});

// biome-ignore format: a table
export const stringAndChanceCases: readonly OpsetCase[] = [
  opsetCase(18, 'OptionalHasElement', [f32([2])], {}),
  opsetCase(18, 'OptionalHasElement', [], {}),
  opsetCase(18, 'OptionalHasElement', [f32([2])], {}, throughOptional('OptionalHasElement')),
  opsetCase(18, 'OptionalGetElement', [f32([2, 3])], {}),
  opsetCase(18, 'OptionalGetElement', [feed('int64', [3])], {}),
  opsetCase(18, 'OptionalGetElement', [f32([2])], {}, throughOptional('OptionalGetElement')),

  opsetCase(20, 'StringConcat', [words, text([1], ['!'])], {}, refused),
  opsetCase(20, 'StringConcat', [words, words], {}, refused),
  opsetCase(20, 'StringConcat', [text([], ['a']), words], {}, refused),
  opsetCase(20, 'StringSplit', [words], { delimiter: s(',') }, { ...refused, outputs: ['y', 'counts'] }),
  opsetCase(20, 'StringSplit', [words], {}, { ...refused, outputs: ['y', 'counts'] }),
  opsetCase(20, 'StringSplit', [words], { maxsplit: i(1) }, { ...refused, outputs: ['y', 'counts'] }),
  opsetCase(20, 'RegexFullMatch', [words], { pattern: s('[a-z]') }, refused),
  opsetCase(20, 'RegexFullMatch', [words], { pattern: s('.*') }, refused),
  opsetCase(20, 'RegexFullMatch', [text([1], [''])], { pattern: s('') }, refused),
  ...['RGB', 'BGR', 'Grayscale'].map((format) => opsetCase(20, 'ImageDecoder', [feed('uint8', [8])], { pixel_format: s(format) }, refused)),

  ...inEachFloat(22, 'Bernoulli', [f32([4], [0, 1, 1, 0])], {}, refused),
  ...inEachFloat(22, 'RandomNormalLike', [f32([2, 3])], { mean: f(1.5), scale: f(0) }, refused),
  ...inEachFloat(22, 'RandomUniformLike', [f32([2, 3])], { low: f(2), high: f(2) }, refused),
  ...[1, 10, 11].flatMap((dtype) => [
    opsetCase(22, 'RandomNormal', [], { shape: list(2, 2), mean: f(1.5), scale: f(0), dtype: i(dtype) }, refused),
    opsetCase(22, 'RandomUniform', [], { shape: list(3), low: f(2), high: f(2), dtype: i(dtype) }, refused),
  ]),
  ...inEachFloat(22, 'Multinomial', [f32([2, 3], [-1000, 0, -1000, 0, -1000, -1000])], { sample_size: i(2), dtype: i(6) }, refused),
];

import { describe, test } from 'vitest';
import { foldSequences } from '../src/fold-sequences.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const inputs = 'input %a: f32[2,3]  input %b: f32[2,3]  input %c: f32[2,3]';

/** What reads the sequence `%s`, the nodes that make it, and the one output that there must be. */
const folded: readonly (readonly [title: string, before: string, expected: string])[] = [
  [
    'a tensor that was inserted in the middle',
    `const %one: i64[] = [1]
     %s = SequenceConstruct(%a, %b)  %t = SequenceInsert(%s, %c, %one)  %y = SequenceAt(%t, %one)
     output "y" = %y`,
    'output "y" = %c',
  ],
  [
    'a tensor at the end, counted from there',
    `const %last: i64[] = [-1]
     %e = SequenceEmpty() {dtype = 1}  %s = SequenceInsert(%e, %a)  %t = SequenceInsert(%s, %b)
     %i = Identity(%t)  %y = SequenceAt(%i, %last)
     output "y" = %y`,
    'output "y" = %b',
  ],
  [
    'what is left when the last is taken away',
    `%s = SequenceConstruct(%a, %b, %c)  %t = SequenceErase(%s)  %y = ConcatFromSequence(%t) {axis = -1}
     output "y" = %y`,
    '%y = Concat(%a, %b) {axis = -1}  output "y" = %y',
  ],
  [
    'a new axis along which tensors are joined',
    `%s = SequenceConstruct(%a, %b)  %y = ConcatFromSequence(%s) {axis = 1, new_axis = 1}
     output "y" = %y`,
    `const %constant: i64[1] = [1]
     %Unsqueeze = Unsqueeze(%a, %constant)  %Unsqueeze_1 = Unsqueeze(%b, %constant)
     %y = Concat(%Unsqueeze, %Unsqueeze_1) {axis = 1}
     output "y" = %y`,
  ],
  [
    'parts of a tensor, and how many there are',
    `const %two: i64[] = [2]
     %s = SplitToSequence(%a, %two) {axis = 1}
     %n = SequenceLength(%s)
     output "n" = %n`,
    'const %n: i64[] = [2]  output "n" = %n',
  ],
  [
    'rows of a tensor',
    `const %one: i64[] = [1]
     %s = SplitToSequence(%a) {axis = 0, keepdims = 0}  %y = SequenceAt(%s, %one)
     output "y" = %y`,
    `const %constant: i64[2] = [1, 1]  const %constant_2: i64[1] = [0]
     %part, %part_1 = Split(%a, %constant) {axis = 0}
     %Squeeze_1 = Squeeze(%part_1, %constant_2)
     output "y" = %Squeeze_1`,
  ],
  [
    'a body, written once for each tensor',
    `%s = SequenceConstruct(%a, %b)
     %m: ? = SequenceMap(%s, %c) {
       body = graph "body" {
         input %x: f32[2,3]  input %w: f32[2,3]
         %z = Mul(%x, %w)
         output "z" = %z
       }
     }
     %y = ConcatFromSequence(%m) {axis = 0}
     output "y" = %y`,
    `%z_1 = Mul(%a, %c)  %z_2 = Mul(%b, %c)  %y = Concat(%z_1, %z_2) {axis = 0}
     output "y" = %y`,
  ],
  [
    'an optional that holds a tensor',
    `%o = Optional(%a)  %i = Identity(%o)  %y = OptionalGetElement(%i)
     output "y" = %y`,
    'output "y" = %a',
  ],
  [
    'whether an optional holds something',
    `%o = Optional(%a)  %y = OptionalHasElement(%o)  %z = OptionalHasElement()
     output "y" = %y  output "z" = %z`,
    'const %y: bool[] = [true]  const %z: bool[] = [false]  output "y" = %y  output "z" = %z',
  ],
];

describe('takes out of a sequence', () => {
  test.each(folded)('%s', (_, before, expected) => {
    expectPass(foldSequences, `${inputs}\n${before}`, `${inputs}\n${expected}`);
  });
});

const kept: readonly (readonly [reason: string, graph: string])[] = [
  [
    'where the position is data',
    `input %p: i64[]
     %s = SequenceConstruct(%a, %b)  %y = SequenceAt(%s, %p)
     output "y" = %y`,
  ],
  [
    'where there is no such position',
    `const %p: i64[] = [2]
     %s = SequenceConstruct(%a, %b)  %y = SequenceAt(%s, %p)
     output "y" = %y`,
  ],
  ['where the sequence is what is wanted', '%s = SequenceConstruct(%a, %b)  output "s" = %s'],
  [
    'where it is not known how many parts there are',
    `input %d: f32[n,3]
     %s = SplitToSequence(%d)  %n = SequenceLength(%s)
     output "n" = %n`,
  ],
];

describe('must not fire', () => {
  test.each(kept)('%s', (_, graph) => expectUnchanged(foldSequences, `${inputs}\n${graph}`));
});

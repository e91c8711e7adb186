import { describe, test } from 'vitest';
import { removeIdentities } from '../src/remove-identities.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const x = 'input %x: f32[2,3,4]';
const out = 'output "y" = %y';

/** Expects that `lines`, which define %i of %x, go away. */
function expectIdentity(lines: string, input = x): void {
  expectPass(
    removeIdentities,
    `${input}  ${lines}  %y = Softsign(%i)  ${out}`,
    `${input}  %y = Softsign(%x)  ${out}`,
  );
}

function expectKept(lines: string, input = x): void {
  expectUnchanged(removeIdentities, `${input}  ${lines}  %y = Identity2(%i)  ${out}`);
}

const identities: readonly [string, string][] = [
  ['Identity', '%i = Identity(%x)'],
  ['Dropout', '%i, %mask = Dropout(%x)'],
  ['Cast to the same dtype', '%i = Cast(%x) {to = 1}'],
  ['Transpose by the identity', '%i = Transpose(%x) {perm = [0, 1, 2]}'],
  [
    'Transpose and back, though the first has another reader',
    '%a = Transpose(%x) {perm = [1, 2, 0]}  %i = Transpose(%a) {perm = [2, 0, 1]}',
  ],
  ['Reshape to the same dims', 'const %s: i64[3] = [2, -1, 4]  %i = Reshape(%x, %s)'],
  ['Flatten and back', 'const %s: i64[3] = [2, 3, 4]  %f = Flatten(%x)  %i = Reshape(%f, %s)'],
  ['Unsqueeze and Squeeze', 'const %a: i64[1] = [0]  %u = Unsqueeze(%x, %a)  %i = Squeeze(%u, %a)'],
  ['Mul by 1', 'const %c: f32[3,4] = splat 1  %i = Mul(%c, %x)'],
  ['Div by 1', 'const %c: f32[] = [1]  %i = Div(%x, %c)'],
  ['Pow by 1', 'const %c: f32[] = [1]  %i = Pow(%x, %c)'],
  ['Sub of 0', 'const %c: f32[] = [0]  %i = Sub(%x, %c)'],
  ['Add of -0', 'const %c: f32[1,1,4] = splat -0  %i = Add(%x, %c)'],
  ['Concat of one', '%i = Concat(%x) {axis = 1}'],
  ['Max of one', '%i = Max(%x)'],
  ['Split into one', '%i = Split(%x) {axis = 1, num_outputs = 1}'],
  ['Pad by nothing', 'const %p: i64[6] = splat 0  %i = Pad(%x, %p)'],
  [
    'Slice of all',
    `const %from: i64[2] = [0, -4]  const %to: i64[2] = [9, 9223372036854775807]
     const %axes: i64[2] = [1, 2]  %i = Slice(%x, %from, %to, %axes)`,
  ],
  ['Expand to the same dims', 'const %s: i64[2] = [3, 1]  %i = Expand(%x, %s)'],
  ['Tile once', 'const %r: i64[3] = [1, 1, 1]  %i = Tile(%x, %r)'],
  ['Neg of Neg', '%n = Neg(%x)  %i = Neg(%n)'],
  ['Cast there and back, where nothing is lost', '%c = Cast(%x) {to = 11}  %i = Cast(%c) {to = 1}'],
  ['Clip without bounds', '%i = Clip(%x)'],
];

describe('remove-identities', () => {
  for (const [what, lines] of identities) {
    test(`removes ${what}`, () => expectIdentity(lines));
  }

  test('removes a sum with 0 of integers, which have one zero', () => {
    expectPass(
      removeIdentities,
      `input %x: i32[2]  const %c: i32[] = [0]  %a = Add(%x, %c)  %y = Neg(%a)  output "y" = %y`,
      `input %x: i32[2]  %y = Neg(%x)  output "y" = %y`,
    );
  });

  test('applies an idempotent op once', () => {
    expectPass(
      removeIdentities,
      `${x}  %a = Relu(%x)  %y = Relu(%a)  output "a" = %a  output "y" = %y`,
      `${x}  %a = Relu(%x)  output "a" = %a  output "y" = %a`,
    );
  });

  test('gives a number the dtype of what it is to be like, as torchlib writes its bounds', () => {
    expectPass(
      removeIdentities,
      `input %x: f16[2]  const %c: i64[] = [6]  %six = CastLike(%c, %x)  %y = Clip(%x, _, %six)
       output "y" = %y`,
      `input %x: f16[2]  const %six: f16[] = [6]  %y = Clip(%x, _, %six)  output "y" = %y`,
    );
  });

  test('joins reshapes and transposes in a row', () => {
    expectPass(
      removeIdentities,
      `input %x: f32[N,3,4]
       const %s: i64[3] = [-1, 4, 3]
       %f = Flatten(%x)
       %r = Reshape(%f, %s)
       %t = Transpose(%r) {perm = [2, 0, 1]}
       %y = Transpose(%t) {perm = [0, 2, 1]}
       output "y" = %y`,
      `input %x: f32[N,3,4]
       const %r_shape: i64[3] = [-1, 4, 3]
       %r = Reshape(%x, %r_shape)
       %y = Transpose(%r) {perm = [2, 1, 0]}
       output "y" = %y`,
    );
  });

  test('names the dims of a reshape that all but one are known of', () => {
    const tail =
      'const %c: i64[1] = [12]  %s = Shape(%x) {end = 1}  %t = Concat(%s, %c) {axis = 0}';
    expectPass(
      removeIdentities,
      `input %x: f32[N,3,4]  ${tail}  %y = Reshape(%x, %t)  output "y" = %y`,
      `input %x: f32[N,3,4]  const %y_shape: i64[2] = [-1, 12]  %y = Reshape(%x, %y_shape)
       output "y" = %y`,
    );
  });

  test('must not name the dims of a reshape with two that are only named', () => {
    const tail =
      'const %c: i64[1] = [12]  %s = Shape(%x) {end = 2}  %t = Concat(%s, %c) {axis = 0}';
    expectUnchanged(
      removeIdentities,
      `input %x: f32[N,M,3,4]  ${tail}  %y = Reshape(%x, %t)  output "y" = %y`,
    );
  });

  const kept: readonly [string, string][] = [
    ['Add of +0, since −0 + 0 is +0', 'const %c: f32[] = [0]  %i = Add(%x, %c)'],
    ['Mul by 1 that broadcasts', 'const %c: f32[2,1,1,1] = splat 1  %i = Mul(%x, %c)'],
    ['Div of 1', 'const %c: f32[] = [1]  %i = Div(%c, %x)'],
    ['Mul by ones and a two', 'const %c: f32[4] = [1, 1, 1, 2]  %i = Mul(%x, %c)'],
    ['a Cast through a dtype that rounds', '%c = Cast(%x) {to = 10}  %i = Cast(%c) {to = 1}'],
    [
      'a Cast of integers through a float that saturates',
      '%i = Cast(%x) {to = 6}  %f = Cast(%i) {to = 11}  %n = Cast(%f) {to = 3}  output "n" = %n',
    ],
    ['a Pad that shifts', 'const %p: i64[6] = [0, 0, 1, 0, 0, -1]  %i = Pad(%x, %p)'],
    [
      'a Slice that reverses',
      `const %from: i64[1] = [-1]  const %to: i64[1] = [-99]  const %axes: i64[1] = [2]
       const %steps: i64[1] = [-1]  %i = Slice(%x, %from, %to, %axes, %steps)`,
    ],
    ['Clips with other bounds', 'const %c: f32[] = [1]  %n = Clip(%x, %c)  %i = Clip(%n, _, %c)'],
  ];
  for (const [what, lines] of kept) {
    test(`must not fire on ${what}`, () => expectKept(lines));
  }

  test('must not fire on a Dropout that may train', () => {
    expectKept('input %t: bool[]  %i = Dropout(%x, _, %t)  %z = Neg(%i)  output "z" = %z');
  });

  test('must not fire on a Dropout whose mask is read', () => {
    expectKept('%i, %mask = Dropout(%x)  %z = Not(%mask)  output "z" = %z');
  });
});

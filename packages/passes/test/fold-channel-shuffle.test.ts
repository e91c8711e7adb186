import { describe, test } from 'vitest';
import { foldChannelShuffle } from '../src/fold-channel-shuffle.js';
import { expectPass, expectUnchanged } from './before-expected.js';

describe('fold-channel-shuffle', () => {
  test('joins two halves channel by channel', () => {
    expectPass(
      foldChannelShuffle,
      `input %a: f32[1,3,4,4]
       input %b: f32[1,3,4,4]
       const %split: i64[5] = [1, 2, 3, 4, 4]
       const %join: i64[4] = [1, 6, 4, 4]
       %c = Concat(%a, %b) {axis = 1}
       %s = Reshape(%c, %split)
       %t = Transpose(%s) {perm = [0, 2, 1, 3, 4]}
       %y = Reshape(%t, %join)
       output "y" = %y`,
      `input %a: f32[1,3,4,4]
       input %b: f32[1,3,4,4]
       const %axis: i64[1] = [2]
       const %join: i64[4] = [1, 6, 4, 4]
       %Unsqueeze = Unsqueeze(%a, %axis)
       %Unsqueeze_1 = Unsqueeze(%b, %axis)
       %Concat = Concat(%Unsqueeze, %Unsqueeze_1) {axis = 2}
       %y = Reshape(%Concat, %join)
       output "y" = %y`,
    );
  });

  test('joins groups of channels that lie last, in any number of images', () => {
    expectPass(
      foldChannelShuffle,
      `input %a: f32[N,4,4,2]
       input %b: f32[N,4,4,2]
       input %c: f32[N,4,4,2]
       const %split: i64[5] = [-1, 4, 4, 3, 2]
       const %join: i64[4] = [-1, 4, 4, 6]
       %j = Concat(%a, %b, %c) {axis = -1}
       %s = Reshape(%j, %split)
       %t = Transpose(%s) {perm = [0, 1, 2, 4, 3]}
       %y = Reshape(%t, %join)
       output "y" = %y`,
      `input %a: f32[N,4,4,2]
       input %b: f32[N,4,4,2]
       input %c: f32[N,4,4,2]
       const %axis: i64[1] = [4]
       const %join: i64[4] = [-1, 4, 4, 6]
       %Unsqueeze = Unsqueeze(%a, %axis)
       %Unsqueeze_1 = Unsqueeze(%b, %axis)
       %Unsqueeze_2 = Unsqueeze(%c, %axis)
       %Concat = Concat(%Unsqueeze, %Unsqueeze_1, %Unsqueeze_2) {axis = 4}
       %y = Reshape(%Concat, %join)
       output "y" = %y`,
    );
  });

  const shuffle = (joined: string, split: string, perm: string, join = '[1, 4, 2, 6]'): string =>
    `const %split: i64[5] = ${split}
     const %join: i64[4] = ${join}
     %c = ${joined}
     %s = Reshape(%c, %split)
     %t = Transpose(%s) {perm = ${perm}}
     %y = Reshape(%t, %join)`;
  const halves = 'Concat(%a, %b) {axis = 1}';
  const kept: readonly [string, string][] = [
    ['a part holds more than one group', shuffle(halves, '[1, 4, 1, 2, 6]', '[0, 2, 1, 3, 4]')],
    [
      'the parts are of different sizes',
      shuffle('Concat(%one, %three) {axis = 1}', '[1, 2, 2, 2, 6]', '[0, 2, 1, 3, 4]'),
    ],
    [
      'the parts are joined along another axis',
      shuffle('Concat(%wide, %wide) {axis = 3}', '[1, 2, 2, 2, 6]', '[0, 2, 1, 3, 4]'),
    ],
    [
      'axes trade places that were not one',
      shuffle(halves, '[1, 4, 2, 2, 3]', '[0, 2, 1, 3, 4]', '[1, 8, 2, 3]'),
    ],
    ['three axes change places', shuffle(halves, '[1, 2, 2, 2, 6]', '[0, 2, 3, 1, 4]')],
    [
      'the axes that traded places stay two',
      shuffle(halves, '[1, 2, 2, 2, 6]', '[0, 2, 1, 3, 4]', '[2, 2, 2, 6]'),
    ],
    ['nothing trades places', shuffle(halves, '[1, 2, 2, 2, 6]', '[0, 1, 2, 3, 4]')],
    [
      'something else reads what is joined',
      `${shuffle(halves, '[1, 2, 2, 2, 6]', '[0, 2, 1, 3, 4]')}  output "c" = %c`,
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(
        foldChannelShuffle,
        `input %a: f32[1,2,2,6]
         input %b: f32[1,2,2,6]
         input %one: f32[1,1,2,6]
         input %three: f32[1,3,2,6]
         input %wide: f32[1,4,2,3]
         ${lines}
         output "y" = %y`,
      );
    });
  }
});

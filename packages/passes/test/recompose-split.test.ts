import { describe, test } from 'vitest';
import { recomposeSplit } from '../src/recompose-split.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const x = 'input %x: f32[N,6,4]  const %axis: i64[1] = [1]';

/** A slice of %x along its second axis. */
function slice(name: string, start: number, end: number, input = '%x'): string {
  return `const %from${name}: i64[1] = [${start}]  const %to${name}: i64[1] = [${end}]
    %${name} = Slice(${input}, %from${name}, %to${name}, %axis)`;
}

function outputs(...names: readonly string[]): string {
  return names.map((name) => `output "${name}" = %${name}`).join('\n');
}

describe('recompose-split', () => {
  test('makes a split of two halves, whatever stands between them and however they count', () => {
    expectPass(
      recomposeSplit,
      `${x}  ${slice('b', -3, 9)}  %n = Neg(%b)  ${slice('a', 0, 3)}  ${outputs('n', 'a')}`,
      `${x}  %a_1, %b = Split(%x) {axis = 1, num_outputs = 2}  %n = Neg(%b)
       output "n" = %n  output "a" = %a_1`,
    );
  });

  test('names the lengths of parts that are not equal', () => {
    expectPass(
      recomposeSplit,
      `${x}  ${slice('a', 0, 1)}  ${slice('b', 1, 3)}  ${slice('c', 3, 6)}  ${outputs('a', 'b', 'c')}`,
      `${x}  const %split: i64[3] = [1, 2, 3]
       %a, %b_1, %c_1 = Split(%x, %split) {axis = 1}
       output "a" = %a  output "b" = %b_1  output "c" = %c_1`,
    );
  });

  test('takes apart what it has taken apart', () => {
    expectPass(
      recomposeSplit,
      `${x}  ${slice('a', 0, 4)}  ${slice('b', 4, 6)}
       ${slice('c', 0, 2, '%a')}  ${slice('d', 2, 4, '%a')}  ${outputs('b', 'c', 'd')}`,
      `${x}  const %split: i64[2] = [4, 2]
       %a, %b_1 = Split(%x, %split) {axis = 1}
       %c, %d_1 = Split(%a) {axis = 1, num_outputs = 2}
       output "b" = %b_1  output "c" = %c  output "d" = %d_1`,
    );
  });

  test('looks into regions', () => {
    const halves = `${slice('a', 0, 3)}  ${slice('b', 3, 6)}  %s = Add(%a, %b)  output "s" = %s`;
    const rest = 'else_branch = graph "e" { output "e" = %y }';
    const choice = (body: string) => `input %c: bool[]  ${x}  input %y: f32[N,3,4]
      %i: f32[N,3,4] = If(%c) { then_branch = graph "t" { ${body} }, ${rest} }  output "i" = %i`;
    expectPass(
      recomposeSplit,
      choice(halves),
      choice(
        '%a, %b_1 = Split(%x) {axis = 1, num_outputs = 2}  %s = Add(%a, %b_1)  output "s" = %s',
      ),
    );
  });

  const kept: readonly [string, string][] = [
    ['the slices leave a gap', `${slice('a', 0, 2)}  ${slice('b', 3, 6)}`],
    ['the slices overlap', `${slice('a', 0, 4)}  ${slice('b', 3, 6)}`],
    ['the last one ends early', `${slice('a', 0, 3)}  ${slice('b', 3, 5)}`],
    ['one of them is empty', `${slice('a', 0, 0)}  ${slice('b', 0, 6)}`],
    [
      'they take from different tensors',
      `%z = Neg(%x)  ${slice('a', 0, 3)}  ${slice('b', 3, 6, '%z')}`,
    ],
    [
      'they skip elements',
      `const %two: i64[1] = [2]  ${slice('a', 0, 3)}  ${slice('b', 3, 6).replace('%axis)', '%axis, %two)')}`,
    ],
    [
      'they take along two axes at once',
      `const %zeros: i64[2] = [0, 0]  const %ends: i64[2] = [3, 4]  const %axes: i64[2] = [1, 2]
       %a = Slice(%x, %zeros, %ends, %axes)  ${slice('b', 3, 6)}`,
    ],
    [
      'the size has only a name',
      `const %zero: i64[1] = [0]  ${slice('a', 0, 3).replace('%axis)', '%zero)')}
       ${slice('b', 3, 6).replace('%axis)', '%zero)')}`,
    ],
  ];
  for (const [reason, lines] of kept) {
    test(`must not fire where ${reason}`, () => {
      expectUnchanged(recomposeSplit, `${x}  ${lines}  ${outputs('a', 'b')}`);
    });
  }
});

import { describe, test } from 'vitest';
import { decomposeComposites } from '../src/decompose-composites.js';
import { expectPass, expectUnchanged } from './before-expected.js';

describe('Einsum becomes', () => {
  test('one product of matrices where two inputs share batches and what is summed', () => {
    expectPass(
      decomposeComposites,
      `input %q: f32[2,3,5,4]  input %k: f32[2,3,6,4]
       %y = Einsum(%q, %k) {equation = "bhid,bhjd->bhij"}
       output "y" = %y`,
      `input %q: f32[2,3,5,4]  input %k: f32[2,3,6,4]
       %Transpose = Transpose(%k) {perm = [0, 1, 3, 2]}
       %y = MatMul(%q, %Transpose)
       output "y" = %y`,
    );
  });

  test('the product the other way round, where that leaves the result in order', () => {
    expectPass(
      decomposeComposites,
      `input %a: f32[3,4]  input %b: f32[5,3]
       %y = Einsum(%a, %b) {equation = "ij,ki->kj"}
       output "y" = %y`,
      `input %a: f32[3,4]  input %b: f32[5,3]
       %y = MatMul(%b, %a)
       output "y" = %y`,
    );
  });

  test('a sum over what nothing else has', () => {
    expectPass(
      decomposeComposites,
      'input %x: f32[2,3,4]  %y = Einsum(%x) {equation = "ijk->ki"}  output "y" = %y',
      `input %x: f32[2,3,4]
       const %constant: i64[1] = [1]
       %ReduceSum = ReduceSum(%x, %constant) {keepdims = 0}
       %y = Transpose(%ReduceSum) {perm = [1, 0]}
       output "y" = %y`,
    );
  });

  test('nothing while a dim is not a number: it might broadcast', () => {
    expectUnchanged(
      decomposeComposites,
      `input %a: f32[n,4]  input %b: f32[4,5]
       %y = Einsum(%a, %b) {equation = "ij,jk->ik"}
       output "y" = %y`,
    );
  });
});

test('CenterCropPad becomes a Pad that takes away at one axis and adds at another', () => {
  expectPass(
    decomposeComposites,
    `input %x: f32[10,7]  const %s: i64[2] = [7, 10]
     %y = CenterCropPad(%x, %s)
     output "y" = %y`,
    `input %x: f32[10,7]
     const %constant: i64[4] = [-1, 1, -2, 2]
     %y = Pad(%x, %constant)
     output "y" = %y`,
  );
});

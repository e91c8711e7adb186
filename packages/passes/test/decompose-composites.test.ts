import { describe, test } from 'vitest';
import { decomposeComposites } from '../src/decompose-composites.js';
import { expectPass, expectUnchanged } from './before-expected.js';

describe('takes apart', () => {
  test('RMSNormalization, in f32 where it is narrower', () => {
    expectPass(
      decomposeComposites,
      'input %x: f16[2,4]  input %s: f16[4]  %y = RMSNormalization(%x, %s)  output "y" = %y',
      `input %x: f16[2,4]  input %s: f16[4]
       const %constant: i64[1] = [1]
       const %constant_1: f32[] = [1e-5]
       %Cast = Cast(%x) {to = 1}
       %Mul = Mul(%Cast, %Cast)
       %ReduceMean = ReduceMean(%Mul, %constant) {keepdims = 1}
       %Add = Add(%ReduceMean, %constant_1)
       %Sqrt = Sqrt(%Add)
       %Div = Div(%Cast, %Sqrt)
       %Cast_1 = Cast(%Div) {to = 10}
       %y = Mul(%Cast_1, %s)
       output "y" = %y`,
    );
  });

  test('a loss in which nothing is ignored, as a plain mean', () => {
    expectPass(
      decomposeComposites,
      `input %x: f32[2,3]  input %t: i64[2]
       %y = NegativeLogLikelihoodLoss(%x, %t)
       output "y" = %y`,
      `input %x: f32[2,3]  input %t: i64[2]
       const %constant: i64[1] = [1]
       const %constant_1: i64[1] = [1]
       const %constant_2: i64[1] = [0]
       %Unsqueeze = Unsqueeze(%t, %constant)
       %GatherElements = GatherElements(%x, %Unsqueeze) {axis = 1}
       %Squeeze = Squeeze(%GatherElements, %constant_1)
       %Neg = Neg(%Squeeze)
       %y = ReduceMean(%Neg, %constant_2) {keepdims = 0}
       output "y" = %y`,
    );
  });

  test('a Dropout that drops nothing though it trains', () => {
    expectPass(
      decomposeComposites,
      `input %x: f32[2]  input %t: bool[]  const %none: f32[] = [0]
       %d = Dropout(%x, %none, %t)  %y = Neg(%d)
       output "y" = %y`,
      'input %x: f32[2]  input %t: bool[]  %y = Neg(%x)  output "y" = %y',
    );
  });
});

describe('must not fire', () => {
  test('on attention to what is only partly there', () => {
    expectUnchanged(
      decomposeComposites,
      `input %x: f32[1,2,3,4]  input %n: i64[1]
       %y = Attention(%x, %x, %x, _, _, _, %n)
       output "y" = %y`,
    );
  });

  test('on causal attention of unknown length', () => {
    expectUnchanged(
      decomposeComposites,
      `input %x: f32[1,2,length,4]
       %y = Attention(%x, %x, %x) {is_causal = 1}
       output "y" = %y`,
    );
  });

  test('on a Dropout that drops', () => {
    expectUnchanged(
      decomposeComposites,
      `input %x: f32[2]  input %t: bool[]  const %half: f32[] = [0.5]
       %y = Dropout(%x, %half, %t)
       output "y" = %y`,
    );
  });
});

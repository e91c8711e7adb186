/** Passes that do without control flow: turns and branches that are known, and targets that have none. */

import { genericTarget } from '@whittle/ir';
import { describe, test } from 'vitest';
import { decomposeComposites } from '../src/decompose-composites.js';
import { flattenControlFlow } from '../src/flatten-control-flow.js';
import { foldControlFlow } from '../src/fold-control-flow.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const grid = { workgroupSize: 64, sharedBytes: 16_384, busyThreads: 512 };
const onGrid = { target: { ...genericTarget, grid } };

/** A loop over `%x`, whose body doubles what it carries and stacks what it took. */
const doubling = (limit: string, condition = '%c') =>
  `input %x: f32[2] input %n: i64[] const %m: i64[] = ${limit}
   %y, %all = Loop(%m, _, %x) {body = graph "b" {
     input %t: i64[] input %c: bool[] input %v: f32[2]
     %w = Add(%v, %v)  %f = Less(%t, %n)
     output "c" = ${condition} output "w" = %w output "v" = %v
   }}
   output "y" = %y output "all" = %all`;

describe('fold-control-flow', () => {
  test('writes a few turns one behind another', () => {
    expectPass(
      foldControlFlow,
      doubling('[2]'),
      `input %x: f32[2] input %n: i64[] const %constant_3: i64[1] = [0]
       %w_1 = Add(%x, %x)
       %y = Add(%w_1, %w_1)
       %Unsqueeze = Unsqueeze(%x, %constant_3)
       %Unsqueeze_1 = Unsqueeze(%w_1, %constant_3)
       %all = Concat(%Unsqueeze, %Unsqueeze_1) {axis = 0}
       output "y" = %y output "all" = %all`,
    );
  });

  test('knows that a loop of no turn gives what it takes, and stacks nothing', () => {
    expectPass(
      foldControlFlow,
      doubling('[0]', '%f'),
      `input %x: f32[2] input %n: i64[] const %all: f32[0,2] = []
       output "y" = %x output "all" = %all`,
    );
  });

  test('must not fire where data may end the loop', () => {
    expectUnchanged(foldControlFlow, doubling('[2]', '%f'));
  });

  test('must not fire where the turns would be too many nodes', () => {
    expectUnchanged(foldControlFlow, doubling('[1000]'));
  });

  test('must not fire where a run says how many turns there are', () => {
    expectUnchanged(foldControlFlow, doubling('[2]').replace('Loop(%m', 'Loop(%n'));
  });
});

const branches = (type: string) =>
  `input %x: ${type} input %c: bool[1]
   %y = If(%c) {
     then_branch = graph "t" { %a = Relu(%x)  output "a" = %a },
     else_branch = graph "e" { %b = ReduceMax(%x)  output "b" = %b }
   }
   output "y" = %y`;

describe('flatten-control-flow', () => {
  test('computes both branches and chooses', () => {
    expectPass(
      flattenControlFlow,
      branches('f32[1,1]'),
      `input %x: f32[1,1] input %c: bool[1] const %constant: i64[1] = [0]
       %a = Relu(%x)
       %b = ReduceMax(%x)
       %Squeeze = Squeeze(%c, %constant)
       %y = Where(%Squeeze, %a, %b)
       output "y" = %y`,
      onGrid,
    );
  });

  test('takes all turns that there can be, and keeps what was when the condition held no more', () => {
    expectPass(
      flattenControlFlow,
      `input %x: f32[2] input %n: i64[] const %m: i64[] = [2]
       %y = Loop(%m, _, %x) {body = graph "b" {
         input %t: i64[] input %c: bool[] input %v: f32[2]
         %w = Add(%v, %v)  %f = Less(%t, %n)  output "f" = %f output "w" = %w
       }}
       output "y" = %y`,
      `input %x: f32[2] input %n: i64[] const %constant_1: i64[] = [0]
       %w_1 = Add(%x, %x)
       %f_1 = Less(%constant_1, %n)
       %w_2 = Add(%w_1, %w_1)
       %y = Where(%f_1, %w_2, %w_1)
       output "y" = %y`,
      onGrid,
    );
  });

  test('must not fire without a grid, since targets without one branch', () => {
    expectUnchanged(flattenControlFlow, branches('f32[1,1]'));
  });

  test('must not fire where branches give other shapes, of which none can be chosen', () => {
    expectUnchanged(flattenControlFlow, branches('f32[2,3]'), onGrid);
  });

  test('must not fire where nothing bounds the turns', () => {
    expectUnchanged(flattenControlFlow, doubling('[2]').replace('Loop(%m', 'Loop(%n'), onGrid);
  });

  test('must not fire where only a run tells how much is stacked', () => {
    expectUnchanged(flattenControlFlow, doubling('[2]', '%f'), onGrid);
  });
});

test('decompose-composites writes a scan as a loop that takes an index in each turn', () => {
  expectPass(
    decomposeComposites,
    `input %s: f32[2] input %x: f32[2,5]
     %y, %all = Scan(%s, %x) {
       num_scan_inputs = 1, scan_input_axes = [1], scan_input_directions = [1], scan_output_axes = [-1],
       body = graph "b" {
         input %u: f32[2] input %v: f32[2]
         %w = Add(%u, %v) output "w" = %w output "z" = %w
       }
     }
     output "y" = %y output "all" = %all`,
    `input %s: f32[2] input %x: f32[2,5]
     const %constant: i64[] = [5] const %constant_1: i64[] = [4]
     %y_1, %all_1 = Loop(%constant, _, %s) {body = graph "b" {
       input %turn: i64[] input %condition: bool[] input %u_1: f32[2]
       %Sub = Sub(%constant_1, %turn)
       %Gather = Gather(%x, %Sub) {axis = 1}
       %w_1 = Add(%u_1, %Gather)
       output "condition" = %condition output "w" = %w_1 output "z" = %w_1
     }}
     %Transpose = Transpose(%all_1) {perm = [1, 0]}
     output "y" = %y_1 output "all" = %Transpose`,
  );
});

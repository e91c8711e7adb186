import { type Decision, genericTarget, type PassContext, parseGraph } from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { splitGroupConv } from '../src/split-group-conv.js';
import { expectPass, expectUnchanged } from './before-expected.js';

const all: PassContext = { target: genericTarget, splitGroups: 'all' };

const grouped = `input %x: f32[1,4,5,5]
                 const %w: f32[4,2,1,1] = [1, 2, 3, 4, 5, 6, 7, 8]
                 const %b: f32[4] = [10, 20, 30, 40]`;

describe('split-group-conv', () => {
  test('gives each group its channels, filters, biases and residual, and keeps the rest', () => {
    expectPass(
      splitGroupConv,
      `${grouped}
       input %r: f32[1,4,3,3]
       %y = Conv(%x, %w, %b, %r) {group = 2, strides = [2, 2], activation = "LeakyRelu",
                                  activation_params = [0.5]} @"mix"
       output "y" = %y`,
      `input %x: f32[1,4,5,5]
       input %r: f32[1,4,3,3]
       const %split: i64[2] = [2, 2]
       const %split_1: i64[2] = [2, 2]
       const %w_1: f32[2,2,1,1] = [1, 2, 3, 4]
       const %w_2: f32[2,2,1,1] = [5, 6, 7, 8]
       const %b_1: f32[2] = [10, 20]
       const %b_2: f32[2] = [30, 40]
       %x_1, %x_2 = Split(%x, %split) {axis = 1} @"mix"
       %r_1, %r_2 = Split(%r, %split_1) {axis = 1} @"mix"
       %Conv = Conv(%x_1, %w_1, %b_1, %r_1) {strides = [2, 2], activation = "LeakyRelu",
                                              activation_params = [0.5]} @"mix"
       %Conv_1 = Conv(%x_2, %w_2, %b_2, %r_2) {strides = [2, 2], activation = "LeakyRelu",
                                                activation_params = [0.5]} @"mix"
       %y = Concat(%Conv, %Conv_1) {axis = 1} @"mix"
       output "y" = %y`,
      all,
    );
  });

  test('splits images of any number and size', () => {
    expectPass(
      splitGroupConv,
      `input %x: f32[N,4,H,W]
       const %w: f32[2,2,1,1] = [1, 2, 3, 4]
       %y = Conv(%x, %w) {group = 2}
       output "y" = %y`,
      `input %x: f32[N,4,H,W]
       const %split: i64[2] = [2, 2]
       const %w_1: f32[1,2,1,1] = [1, 2]
       const %w_2: f32[1,2,1,1] = [3, 4]
       %x_1, %x_2 = Split(%x, %split) {axis = 1}
       %Conv = Conv(%x_1, %w_1)
       %Conv_1 = Conv(%x_2, %w_2)
       %y = Concat(%Conv, %Conv_1) {axis = 1}
       output "y" = %y`,
      all,
    );
  });

  const kept: readonly [reason: string, lines: string, choice?: string][] = [
    ['there are no groups', 'const %w1: f32[2,4,1,1] = seeded 1  %y = Conv(%x, %w1)'],
    [
      'the filter is computed',
      'input %v: f32[4,2,1,1]  %y = Conv(%x, %v) {group = 2}',
      'its filter is computed',
    ],
    [
      'the bias is computed',
      'input %c: f32[4]  %y = Conv(%x, %w, %c) {group = 2}',
      'its bias is computed',
    ],
    [
      'each group is one channel',
      'const %d: f32[4,1,3,3] = seeded 1  %y = Conv(%x, %d) {group = 4}',
    ],
    [
      'there would be more convolutions than a graph should have for one',
      `input %many: f32[1,130,5,5]  const %m: f32[65,2,1,1] = seeded 1
       %y = Conv(%many, %m) {group = 65}`,
      '65 groups would be as many steps, and more than 64 are never made',
    ],
  ];
  for (const [reason, lines, told] of kept) {
    test(`must not fire where ${reason}`, () => {
      const reasons: string[] = [];
      const context = { ...all, onDecision: (made: Decision) => reasons.push(made.reason) };
      expectUnchanged(splitGroupConv, `${grouped}  ${lines}  output "y" = %y`, context);
      expect(reasons).toEqual(told === undefined ? [] : [told]);
    });
  }
});

describe('what split-group-conv decides', () => {
  const decisionsOn = (lines: string, splitGroups: 'auto' | 'all' | 'none'): Decision[] => {
    const decisions: Decision[] = [];
    const onDecision = (decision: Decision): void => {
      decisions.push(decision);
    };
    const graph = parseGraph(`graph "test" { ${lines} output "y" = %y }`);
    splitGroupConv.run(graph, { target: genericTarget, splitGroups, onDecision });
    return decisions;
  };
  const conv = `${grouped}  %y = Conv(%x, %w, %b) {group = 2}`;
  // 4 outputs by 5 × 5 pixels by 2 inputs, at 20 a nanosecond; 100 ns for each kernel.
  const ways = (chosen: 'keep' | 'split') => [
    {
      name: 'one kernel',
      isChosen: chosen === 'keep',
      measures: [
        { name: 'time', value: 110, unit: 'ns' },
        { name: 'copied without views', value: 0, unit: 'bytes' },
        { name: 'kernels', value: 1, unit: 'steps' },
      ],
    },
    {
      name: 'a kernel a group',
      isChosen: chosen === 'split',
      measures: [
        { name: 'time', value: 210, unit: 'ns' },
        { name: 'copied without views', value: 1600, unit: 'bytes' },
        { name: 'kernels', value: 2, unit: 'steps' },
      ],
    },
  ];

  test.each([
    ['auto', 'keep', 'the work is the same in one kernel, and 1 step less'],
    ['none', 'keep', 'nothing is to be split'],
    ['all', 'split', 'all that can be is to be split'],
  ] as const)('%s: %s', (policy, choice, reason) => {
    const [decision, ...more] = decisionsOn(conv, policy);
    expect(more).toEqual([]);
    expect(decision).toMatchObject({
      pass: 'split-group-conv',
      candidate: '2 groups',
      choice,
      reason,
      measures: [{ name: 'work', value: 200, unit: 'MACs' }],
      ways: ways(choice),
    });
    expect(decision?.nodes.map(({ op }) => op)).toEqual(['Conv']);
  });

  test('has no time where a dim has no number', () => {
    const symbolic = conv.replace('f32[1,4,5,5]', 'f32[N,4,5,5]');
    const [decision] = decisionsOn(symbolic, 'auto');
    expect(decision?.choice).toBe('keep');
    expect(decision?.measures).toEqual([]);
    expect(decision?.ways.map(({ measures }) => measures.map(({ name }) => name))).toEqual([
      ['kernels'],
      ['kernels'],
    ]);
  });
});

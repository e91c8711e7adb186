/** The types of ops that run the graphs inside them, and how often a loop runs its body. */

import { describe, expect, it } from 'vitest';
import { formatType, type Graph, parseGraph, turnsOf } from '../src/index.js';

const read = (text: string): Graph =>
  parseGraph(`graph "g" { input %x: f32[2,3] input %n: i64[] input %k: bool[] ${text} }`);

/** A branch or a body, which gives what `text` defines as `%y`, and before that a condition. */
const branches = (then: string, otherwise: string): string =>
  `%r = If(%k) {
    then_branch = graph "t" { ${then} output "y" = %a },
    else_branch = graph "e" { ${otherwise} output "y" = %b }
  } output "r" = %r`;

const loop = (inputs: string, body: string, condition = '%c'): string =>
  `%r, %s = Loop(${inputs}) {body = graph "b" {
    input %i: i64[] input %c: bool[] input %v: f32[2,3]
    ${body} output "c" = ${condition} output "w" = %w output "z" = %z
  }} output "r" = %r output "s" = %s`;

const scan = (attributes: string, row = 'f32[3]'): string =>
  `%r, %s = Scan(%x, %x) {
    num_scan_inputs = 1, ${attributes} body = graph "b" {
      input %v: f32[2,3] input %row: ${row}
      %w = Neg(%v) %z = Exp(%row) output "w" = %w output "z" = %z
    }
  } output "r" = %r output "s" = %s`;

const three = 'const %m: i64[] = [3]';
const both = '%w = Neg(%v) %z = Cast(%v) {to = 7}';

describe('gives', () => {
  it.each([
    ['the one type of both branches', branches('%a = Neg(%x)', '%b = Exp(%x)'), 'f32[2,3]'],
    [
      'a dim that only a run tells, where branches differ in it',
      branches('%a = Neg(%x)', '%b = Concat(%x, %x) {axis = 1}'),
      'f32[2,"r.1"]',
    ],
    [
      'nothing, where they differ in more',
      branches('%a = Neg(%x)', '%b = Cast(%x) {to = 7}'),
      '? ',
    ],
    ['as many as there are turns', three + loop('%m, _, %x', both), 'f32[2,3] i64[3,2,3]'],
    [
      'as many where the condition is passed on by a cast',
      three + loop('%m, _, %x', `%d = Cast(%c) {to = 9} ${both}`, '%d'),
      'f32[2,3] i64[3,2,3]',
    ],
    ['as many as a run tells', loop('%n, _, %x', both), 'f32[2,3] i64["r.turns",2,3]'],
    [
      'an unknown dim of what a turn changes',
      three + loop('%m, _, %x', '%w = Concat(%v, %v) {axis = 0} %z = Identity(%i)'),
      'f32["r.0",3] i64[3]',
    ],
    ['one for each index along an axis', scan(''), 'f32[2,3] f32[2,3]'],
    [
      'them along another axis',
      scan('scan_input_axes = [-1], scan_output_axes = [-1],', 'f32[2]'),
      'f32[2,3] f32[2,3]',
    ],
  ])('%s', (_, text, expected) => {
    const types = read(text).outputs.map(({ value }) =>
      value.type ? formatType(value.type) : '?',
    );
    expect(types.join(' ').trim()).toBe(expected.trim());
  });
});

describe('refuses', () => {
  it.each([
    [
      'branches of other counts',
      branches('%a = Neg(%x)', '%b = Neg(%x) output "z" = %x'),
      'branches of 1 and of 2',
    ],
    [
      'a condition of numbers',
      branches('%a = Neg(%x)', '%b = Exp(%x)').replace('%k', '%n'),
      'bool, not int64',
    ],
    ['a body of too few inputs', loop('%n, _, %x, %x', both), 'has a body of 3 inputs, not 4'],
    [
      'a body of too few outputs',
      loop('%n, _, %x', both).replace(/output "[wz]" = %./g, ''),
      'which lacks some',
    ],
    ['more scanned inputs than there are', scan('').replace('= 1', '= 3'), 'scans 3 of 2 inputs'],
    ['an op without its graph', '%r = If(%k) output "r" = %r', 'lacks its graph then_branch'],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe('a loop', () => {
  it.each([
    ['of a known limit', three + loop('%m, _, %x', both), 3],
    ['of a limit below 0', `const %m: i64[] = [-4]${loop('%m, _, %x', both)}`, 0],
    ['whose condition does not hold', `const %f: bool[] = [false]${loop('%n, %f, %x', both)}`, 0],
    [
      'whose condition is computed',
      three + loop('%m, _, %x', `%d = Not(%c) ${both}`, '%d'),
      undefined,
    ],
    ['whose condition comes from outside', three + loop('%m, %k, %x', both), undefined],
    ['of a limit that comes from outside', loop('%n, _, %x', both), undefined],
    ['without a limit', loop('_, _, %x', both), undefined],
  ])('%s', (_, text, expected) => {
    const node = read(text).nodes.find(({ op }) => op === 'Loop');
    expect(node && turnsOf(node)).toBe(expected);
  });
});

import { runInNewContext } from 'node:vm';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { FreshNames } from '../src/index.ts';
import { hostileNames } from './hostile-names.ts';

const hints = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...hostileNames, 'class', 'vec4', 'vec', 'f32', 'max', 'x', 'x_1', '1x', '__x'),
  ),
);

function names(all: readonly string[]): string[] {
  const fresh = new FreshNames();
  return all.map((hint) => fresh.fresh(hint));
}

describe('FreshNames', () => {
  property.prop([hints])('gives distinct identifiers, the same for the same hints', (all) => {
    const given = names(all);
    expect(new Set(given).size).toBe(given.length);
    expect(names(all)).toEqual(given);
    for (const name of given) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/);
  });

  property.prop([hints])('gives names that declare in strict JavaScript', (all) => {
    for (const name of names(all)) {
      expect(
        runInNewContext(`'use strict'; (() => { const ${name} = 7; return ${name}; })()`),
      ).toBe(7);
    }
  });

  it('keeps a good hint and numbers its repetitions', () => {
    expect(names(['acc', 'acc', 'acc_1', 'acc'])).toEqual(['acc', 'acc_1', 'acc_1_1', 'acc_2']);
  });

  it('avoids words of JavaScript and of WGSL', () => {
    expect(names(['class', 'Math', 'vec4', 'workgroup', 'max', 'shared', 'await'])).toEqual([
      'class_1',
      'Math_1',
      'vec4_1',
      'workgroup_1',
      'max_1',
      'shared_1',
      'await_1',
    ]);
  });

  it('reduces a hint to ASCII words', () => {
    expect(names(['backbone/conv1.weight:0', '', '模型', '0', '__proto__'])).toEqual([
      'backbone_conv1_weight_0',
      'v',
      'v_1',
      'v0',
      'proto',
    ]);
  });

  it('avoids what an outer scope has taken', () => {
    const outer = new FreshNames(['x']);
    expect(outer.fresh('y')).toBe('y');
    const inner = outer.inner();
    expect([inner.fresh('x'), inner.fresh('y'), outer.fresh('y')]).toEqual(['x_1', 'y_1', 'y_1']);
  });

  it('gives a hundred thousand names from one hint in linear time', () => {
    expect(new Set(names(Array<string>(100_000).fill('t'))).size).toBe(100_000);
  }, 2_000);
});

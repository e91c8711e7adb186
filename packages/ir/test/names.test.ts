import { expect, it } from 'vitest';
import { UniqueNames } from '../src/index.js';

it('gives a taken stem the next free number', () => {
  const names = new UniqueNames(['x', 'x_2']);
  expect([names.fresh('x'), names.fresh('x'), names.fresh('y')]).toEqual(['x_1', 'x_3', 'y']);
});

it('refuses to claim a name twice, however it was taken', () => {
  const names = new UniqueNames(['x']);
  expect(names.claim('y')).toBe('y');
  expect(names.fresh('z')).toBe('z');
  for (const taken of ['x', 'y', 'z']) {
    expect(() => names.claim(taken)).toThrow(expect.objectContaining({ code: 'E_INVALID_GRAPH' }));
  }
});

it('takes names that objects have of themselves', () => {
  const names = new UniqueNames();
  expect([names.fresh('__proto__'), names.fresh('constructor')]).toEqual([
    '__proto__',
    'constructor',
  ]);
});

it('stays linear when hundreds of thousands share one stem', () => {
  const names = new UniqueNames();
  const given = new Set(Array.from({ length: 300_000 }, () => names.fresh('node')));
  expect(given.size).toBe(300_000);
});

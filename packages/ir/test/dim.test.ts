import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDims,
  bindDim,
  type Dim,
  floorDivDims,
  formatDim,
  mulDims,
  namedDim,
  parseDim,
  subDims,
} from '../src/index.js';
import { dimCase, hostileText, positiveBindings } from './arbitraries.js';

const dim = dimCase.map((generated) => generated.dim);

describe('dims', () => {
  it('mean what the same arithmetic over numbers means', () => {
    fc.assert(
      fc.property(dimCase, positiveBindings, (generated, bindings) => {
        const expected = generated.evaluate(bindings) + 0;
        expect(bindDim(generated.dim, bindings)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('have one normal form: the laws of a ring hold as equality of objects', () => {
    fc.assert(
      fc.property(dim, dim, dim, (a, b, c) => {
        expect(addDims(a, b)).toEqual(addDims(b, a));
        expect(mulDims(a, b)).toEqual(mulDims(b, a));
        expect(addDims(addDims(a, b), c)).toEqual(addDims(a, addDims(b, c)));
        expect(mulDims(mulDims(a, b), c)).toEqual(mulDims(a, mulDims(b, c)));
        expect(mulDims(a, addDims(b, c))).toEqual(addDims(mulDims(a, b), mulDims(a, c)));
        expect(subDims(a, a)).toBe(0);
        expect(addDims(a, 0)).toEqual(a);
        expect(mulDims(a, 1)).toEqual(a);
        expect(mulDims(a, 0)).toBe(0);
      }),
    );
  });

  it('divide exactly where the divisor is a factor', () => {
    const positive = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(dim, positive, (a, n) => {
        const divisor = mulDims(n, namedDim('batch'));
        expect(floorDivDims(mulDims(a, n), n)).toEqual(a);
        expect(floorDivDims(mulDims(a, divisor), divisor)).toEqual(a);
      }),
    );
  });

  it('read back from their text', () => {
    fc.assert(
      fc.property(dim, (a) => {
        expect(parseDim(formatDim(a))).toEqual(a);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(hostileText, (name) => {
        expect(parseDim(formatDim(namedDim(name)))).toEqual(namedDim(name));
      }),
    );
  });

  it.each<[string, string]>([
    ['(H - 1) // 2 + 1', 'floordiv(H + 1, 2)'],
    ['((H + 1) // 2 + 1) // 2', 'floordiv(H + 3, 4)'],
    ['(4*n + H - 1) // 4', 'floordiv(H + 3, 4) + n - 1'],
    ['2 * (batch + 3) - batch', 'batch + 6'],
    ['-batch - 0', '-batch'],
    ['6*H // 3', '2*H'],
    ['max(4, min(7, 9))', '7'],
    ['"seq len"*batch', '"seq len"*batch'],
  ])('%s is %s', (written, normal) => {
    expect(formatDim(parseDim(written))).toBe(normal);
  });

  it.each(['', 'batch +', '2 batch', 'H / 2', 'max(1)', '1.5', '(H', '"open'])(
    'refuse %j with a position',
    (text) => {
      expect(() => parseDim(text)).toThrow(
        expect.objectContaining({
          code: 'E_INVALID_TEXT',
          message: expect.stringMatching(/^line 1, column \d+: /),
        }),
      );
    },
  );

  it('refuse a text that nests without end, at once', () => {
    const bomb = '('.repeat(200_000);
    expect(() => parseDim(bomb)).toThrow(expect.objectContaining({ code: 'E_LIMIT_DEPTH' }));
  });

  it('keep what is not bound', () => {
    const area: Dim = parseDim('H * W + H');
    expect(formatDim(bindDim(area, new Map([['W', 7]])))).toBe('8*H');
    expect(formatDim(bindDim(area, new Map([['H', namedDim('W')]])))).toBe('W + W*W');
  });
});

import { describe, expect, it } from 'vitest';
import { numbersOf, tensorOf, transposeTensor } from '../src/index.js';

describe('a constant transposed', () => {
  it('is what Transpose makes of it', () => {
    const tensor = tensorOf('int64', [2, 1, 3], [1, 2n ** 62n, 3, 4, 5, 6]);
    const transposed = transposeTensor(tensor, [2, 0, 1]);
    expect(transposed.dims).toEqual([3, 2, 1]);
    expect(transposed).toEqual(tensorOf('int64', [3, 2, 1], [1, 4, 2n ** 62n, 5, 3, 6]));
    expect(numbersOf(transposeTensor(tensorOf('bool', [], [1]), []))).toEqual([1]);
  });

  it('may hold strings', () => {
    const strings = ['a', 'b', 'c', 'd'];
    const tensor = { dtype: 'string', dims: [2, 2], bytes: new Uint8Array(), strings } as const;
    expect(transposeTensor(tensor, [1, 0]).strings).toEqual(['a', 'c', 'b', 'd']);
  });

  it.each([[[0, 0]], [[0]], [[0, 2]], [[0, 1, 1]]])('is refused in the order %j', (perm) => {
    const tensor = tensorOf('int8', [1, 2], [1, 2]);
    const message = `[${perm.join(',')}] is no order of the axes of [1,2].`;
    expect(() => transposeTensor(tensor, perm)).toThrow(
      expect.objectContaining({ code: 'E_INVALID_GRAPH', message }),
    );
  });
});

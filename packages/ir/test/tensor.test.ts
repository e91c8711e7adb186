import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bfloat16ToNumber,
  float16ToNumber,
  int64Tensor,
  numbersOf,
  numberToBfloat16,
  numberToFloat16,
  seededTensor,
  tensorFrom,
  tensorOf,
  typedArrayOf,
} from '../src/index.js';

describe('tensors', () => {
  it('read elements at any alignment, without writing to the bytes', () => {
    const file = new Uint8Array(17);
    file.set(new Uint8Array(Float64Array.of(1.5, -2).buffer), 1);
    const before = file.slice();
    const tensor = { dtype: 'float64' as const, dims: [2], bytes: file.subarray(1) };
    expect([...typedArrayOf(tensor)]).toEqual([1.5, -2]);
    expect(file).toEqual(before);
  });

  it('share the memory of an array', () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const tensor = tensorFrom('float32', [2], data);
    data[0] = 7;
    expect(numbersOf(tensor)).toEqual([7, 3]);
  });

  it('refuse data that their dims do not ask for', () => {
    expect(() => tensorOf('int8', [2, 2], [1, 2, 3])).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_GRAPH',
        message: 'A tensor of dims [2,2] needs 4 elements, not 3.',
      }),
    );
  });

  it('hold 64-bit integers exactly', () => {
    const big = 2n ** 62n + 1n;
    expect([...typedArrayOf(tensorOf('int64', [2], [big, -1]))]).toEqual([big, -1n]);
    expect(numbersOf(int64Tensor([1, -1]))).toEqual([1, -1]);
  });

  it('of one seed are the same, in [-1, 1), and spread', () => {
    const numbers = numbersOf(seededTensor('float32', [100, 10], 42));
    expect(numbersOf(seededTensor('float64', [1000], 42))).toEqual(numbers);
    expect(numbersOf(seededTensor('float32', [1000], 43))).not.toEqual(numbers);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(Math.abs(numbers.reduce((sum, n) => sum + n, 0) / 1000)).toBeLessThan(0.1);
    expect(numbers.slice(0, 2)).toMatchInlineSnapshot(`
      [
        0.20220744609832764,
        -0.10341894626617432,
      ]
    `);
  });
});

const formats = [
  { name: 'float16', decode: float16ToNumber, encode: numberToFloat16, infinity: 0x7c00 },
  { name: 'bfloat16', decode: bfloat16ToNumber, encode: numberToBfloat16, infinity: 0x7f80 },
];

describe.each(formats)('$name', ({ decode, encode, infinity }) => {
  it('survives the way to a number and back, for all numbers', () => {
    for (let bits = 0; bits <= infinity; bits++) {
      expect(encode(decode(bits))).toBe(bits);
      expect(encode(decode(bits | 0x8000))).toBe(bits | 0x8000);
    }
    expect(decode(infinity)).toBe(Infinity);
    expect(decode(infinity + 1)).toBeNaN();
    expect(decode(encode(Number.NaN))).toBeNaN();
  });

  it('rounds to the nearest number, and halfway to the even one', () => {
    for (let bits = 0; bits < infinity - 1; bits++) {
      const [low, high] = [decode(bits), decode(bits + 1)];
      const middle = (low + high) / 2;
      expect(encode(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
      expect(encode(low * 0.49 + high * 0.51)).toBe(bits + 1);
      expect(encode(low * 0.51 + high * 0.49)).toBe(bits);
    }
  });
});

it('bfloat16 is the upper half of a float32, rounded', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
      const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
      expect(numberToBfloat16(value)).toBe(rounded);
    }),
  );
});

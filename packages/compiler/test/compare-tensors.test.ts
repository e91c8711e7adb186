import { describe, expect, it } from 'vitest';
import { compareTensors } from '../src/index.js';

const tolerance = { absolute: 1e-6, relative: 1e-4 };
const floats = (...values: number[]) =>
  ({ dtype: 'float32', dims: [values.length], data: Float32Array.from(values) }) as const;

describe('compareTensors', () => {
  it('measures small elements by the largest', () => {
    expect(compareTensors(floats(100, 0.005), floats(100, 0), tolerance).agrees).toBe(true);
    expect(compareTensors(floats(100, 0.05), floats(100, 0), tolerance)).toMatchObject({
      agrees: false,
      worst: { index: 1, expected: 0 },
    });
  });

  it('takes NaN and infinities for equal to themselves and to nothing else', () => {
    const special = floats(NaN, Infinity, -Infinity, -0);
    expect(compareTensors(special, floats(NaN, Infinity, -Infinity, 0), tolerance).agrees).toBe(
      true,
    );
    for (const other of [floats(0), floats(Infinity), floats(-Infinity), floats(3e38)]) {
      expect(compareTensors(floats(NaN), other, tolerance).agrees).toBe(false);
      expect(compareTensors(other, floats(NaN), tolerance).agrees).toBe(false);
    }
    expect(compareTensors(floats(Infinity), floats(3e38), tolerance).agrees).toBe(false);
  });

  it('compares float16 as numbers and 64-bit integers exactly', () => {
    const half = (bits: number) =>
      ({ dtype: 'float16', dims: [], data: Uint16Array.of(bits) }) as const;
    // The two zeros, and two neighbours near 1.
    expect(compareTensors(half(0x8000), half(0), tolerance).agrees).toBe(true);
    expect(compareTensors(half(0x3c01), half(0x3c00), tolerance).maxAbsoluteError).toBe(2 ** -10);
    const long = (value: bigint) =>
      ({ dtype: 'int64', dims: [], data: BigInt64Array.of(value) }) as const;
    expect(compareTensors(long(5n), long(5n), tolerance).agrees).toBe(true);
    expect(
      compareTensors(long(2n ** 60n), long(2n ** 60n + 1n), { absolute: 0, relative: 0 }).agrees,
    ).toBe(false);
  });

  it('does not compare tensors of two types', () => {
    const { agrees, problem } = compareTensors(floats(1), floats(1, 1), tolerance);
    expect({ agrees, problem }).toEqual({
      agrees: false,
      problem: 'is float32[1], not float32[2]',
    });
  });
});

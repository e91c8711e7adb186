import type { TensorData } from '@whittle/compiler';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from '../src/npy.js';

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

const tensors = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(arrays) as (keyof typeof arrays)[])),
    dims: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    seed: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  })
  .map(({ dtype, dims, seed }): TensorData => {
    const length = dims.reduce((product, dim) => product * dim, 1);
    const data = new arrays[dtype](length);
    const bytes = new Uint8Array(data.buffer);
    for (const i of bytes.keys()) bytes[i] = (seed[i % 8] ?? 0) + i;
    return { dtype, dims, data };
  });

describe('.npy', () => {
  it('reads what it writes, bit for bit', () => {
    fc.assert(
      fc.property(tensors, (tensor) => {
        const file = encodeNpy(tensor);
        const read = decodeNpy(file, 'array.npy');
        expect([read.dtype, read.dims]).toEqual([tensor.dtype, tensor.dims]);
        expect(Buffer.from(read.data.buffer)).toEqual(Buffer.from(tensor.data.buffer));
        expect((file.byteLength - tensor.data.byteLength) % 64).toBe(0);
      }),
    );
  });

  it('reads what NumPy writes', () => {
    // numpy.save(file, numpy.array([[1, 2, 3]], dtype='<i2')) of NumPy 1.26.
    const header = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 3), }";
    const file = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
      Buffer.from(`${header.padEnd(117)}\n`),
      Buffer.from([1, 0, 2, 0, 3, 0]),
    ]);
    expect(decodeNpy(file, 'array.npy')).toEqual({
      dtype: 'int16',
      dims: [1, 3],
      data: Int16Array.of(1, 2, 3),
    });
  });

  it('refuses every other file with an error of ours', () => {
    const good = encodeNpy({ dtype: 'int8', dims: [2], data: Int8Array.of(1, 2) });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const bad = cut ? good.slice(0, at) : good.with(at, byte);
        try {
          expect(decodeNpy(bad, 'array.npy').data.byteLength).toBeLessThanOrEqual(8);
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_INVALID_OPTION' });
        }
      }),
    );
  });
});

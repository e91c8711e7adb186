import { typedArrayOf } from '@whittle/ir';
import { f32, feed, fixed, i32, i64, type OpCase, opCase } from './op-case.js';

const scalar = (value: number) => fixed(i64([], [value]));
const hertz = (value: number) => fixed(f32([], [value]));
const window = (length: number) =>
  f32(
    [length],
    Array.from({ length }, (_, i) => (i + 1) / length),
  );

/** Small enough that what onnxruntime loses in long sums does not count. */
function faint(dims: readonly number[]) {
  const values = [...typedArrayOf(f32(dims).tensor)];
  return f32(
    dims,
    values.map((value) => Number(value) / 256),
  );
}

export const signalCases: readonly OpCase[] = [
  opCase('DFT', [f32([2, 10, 1])]),
  opCase('DFT', [f32([2, 6, 3, 2]), undefined, scalar(1)]),
  opCase('DFT', [f32([2, 9, 1]), scalar(7)], { onesided: 1 }),
  opCase('DFT', [f32([1, 5, 2, 1]), scalar(8), scalar(-3)], { onesided: 1 }),
  opCase('DFT', [f32([2, 10, 2])], { inverse: 1 }),
  opCase('DFT', [f32([2, 5, 2]), scalar(8)], { inverse: 1, onesided: 1 }),
  opCase('DFT', [f32([2, 5, 2]), scalar(9)], { inverse: 1, onesided: 1 }),
  opCase('DFT', [feed('float64', [1, 12, 1])]),
  opCase('DFT', [faint([1, 2048, 2])]),
  opCase('DFT', [faint([1, 1025, 2]), scalar(2048)], { inverse: 1, onesided: 1 }),

  opCase('STFT', [f32([2, 40, 1]), scalar(5), window(16)]),
  opCase('STFT', [f32([1, 32, 1]), scalar(8), fixed(window(8))], { onesided: 0 }),
  opCase('STFT', [f32([2, 32, 2]), scalar(8), undefined, scalar(16)], { onesided: 0 }),
  opCase('STFT', [feed('float64', [1, 20, 1]), scalar(3), undefined, scalar(7)]),
  opCase('STFT', [faint([1, 2148, 1]), scalar(100), undefined, scalar(2048)]),

  opCase('HannWindow', [scalar(10)]),
  opCase('HammingWindow', [scalar(9)], { periodic: 0 }),
  opCase('BlackmanWindow', [fixed(i32([], [8]))], { output_datatype: 10 }),
  opCase('MelWeightMatrix', [scalar(8), scalar(32), scalar(8192), hertz(20), hertz(4096)]),
  opCase('MelWeightMatrix', [scalar(24), scalar(32), scalar(8192), hertz(0), hertz(3000)]),

  opCase('ReverseSequence', [f32([5, 3]), i64([3], [5, 2, 1])]),
  opCase('ReverseSequence', [f32([2, 4, 3]), i64([2], [3, 4])], { batch_axis: 0, time_axis: 1 }),
  opCase('ReverseSequence', [feed('int64', [4, 2, 2]), fixed(i64([2], [0, 3]))]),
];

import { describe, expect, it } from 'vitest';
import { namedDim, samePadding } from '../src/index.js';

/** Worked out by hand from TensorFlow's rule: total = max((ceil(s / t) - 1) * t + (k - 1) * d + 1 - s, 0). */
const paddings = [
  { why: 'nothing for one tap', size: 7, kernel: 1, stride: 1, dilation: 1, pads: [0, 0] },
  { why: 'half an odd kernel', size: 7, kernel: 3, stride: 1, dilation: 1, pads: [1, 1] },
  { why: 'the odd element behind', size: 7, kernel: 2, stride: 1, dilation: 1, pads: [0, 1] },
  { why: 'an even kernel', size: 7, kernel: 4, stride: 1, dilation: 1, pads: [1, 2] },
  { why: 'stride 2, even size', size: 224, kernel: 3, stride: 2, dilation: 1, pads: [0, 1] },
  { why: 'stride 2, odd size', size: 225, kernel: 3, stride: 2, dilation: 1, pads: [1, 1] },
  { why: 'stride 2, 7 taps', size: 224, kernel: 7, stride: 2, dilation: 1, pads: [2, 3] },
  { why: 'stride 2, even kernel', size: 9, kernel: 4, stride: 2, dilation: 1, pads: [1, 2] },
  { why: 'windows apart', size: 9, kernel: 1, stride: 3, dilation: 1, pads: [0, 0] },
  { why: 'a stride over the size', size: 3, kernel: 2, stride: 5, dilation: 1, pads: [0, 0] },
  { why: 'stride 3', size: 10, kernel: 3, stride: 3, dilation: 1, pads: [1, 1] },
  { why: 'dilation', size: 9, kernel: 3, stride: 1, dilation: 2, pads: [2, 2] },
  { why: 'dilation, even kernel', size: 9, kernel: 2, stride: 1, dilation: 3, pads: [1, 2] },
  { why: 'stride and dilation', size: 10, kernel: 3, stride: 2, dilation: 2, pads: [1, 2] },
  { why: 'a window over the size', size: 2, kernel: 5, stride: 1, dilation: 2, pads: [4, 4] },
] as const;

describe('SAME padding', () => {
  it.each(paddings)('is $pads: $why', ({ size, pads, ...window }) => {
    expect(samePadding(size, window)).toEqual(pads);
  });

  it('depends on the size only where windows step', () => {
    const size = namedDim('H');
    expect(samePadding(size, { kernel: 4, stride: 1, dilation: 2 })).toEqual([3, 3]);
    expect(samePadding(size, { kernel: 4, stride: 2, dilation: 2 })).toBeUndefined();
  });
});

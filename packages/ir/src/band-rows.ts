/**
 * The rows that a `SeparableConv` computed in bands has to keep of what its depthwise convolution
 * reads. docs/design/separable.md has the figure.
 */

import type { WindowAxis } from './forms/same-padding.js';

export interface BandRows {
  /** Input rows that a band sees and the band after it sees again. */
  readonly ahead: number;
  /** Input rows that a band sees, or skips. */
  readonly slots: number;
}

/** `window` is that of the depthwise convolution along the axis of the rows, `rows` those of a band. */
export function bandRowsOf({ kernel, stride, dilation }: WindowAxis, rows: number): BandRows {
  const extent = (kernel - 1) * dilation + 1;
  const ahead = Math.max(0, extent - stride);
  return { ahead, slots: rows * stride + ahead };
}

/** The bands of output rows in which a separable convolution is computed, as a plain record. */

import { extentOf, type Window } from './window.js';

export interface BandPlan {
  /** Output rows of a band; the last band may have fewer. */
  readonly rows: number;
  /** Input rows that a band sees and the band after it sees again. */
  readonly ahead: number;
  /** Input rows that a band sees, or skips. */
  readonly slots: number;
}

/** `window` is that of the depthwise convolution along the axis of the rows. */
export function planBands(wanted: number, window: Window): BandPlan {
  const rows = Math.min(wanted, window.output);
  const ahead = Math.max(0, extentOf(window) - window.stride);
  return { rows, ahead, slots: rows * window.stride + ahead };
}

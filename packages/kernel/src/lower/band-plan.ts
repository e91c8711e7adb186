/** The bands of output rows in which a separable convolution is computed, as a plain record. */

import { type BandRows, bandRowsOf } from '@whittle/ir';
import type { Window } from './window.js';

export interface BandPlan extends BandRows {
  /** Output rows of a band; the last band may have fewer. */
  readonly rows: number;
}

/** `window` is that of the depthwise convolution along the axis of the rows. */
export function planBands(wanted: number, window: Window): BandPlan {
  const rows = Math.min(wanted, window.output);
  return { rows, ...bandRowsOf(window, rows) };
}

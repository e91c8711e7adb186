/** One convolution as numbers and views, from which its schedules are written. */

import type { View } from '../view.js';
import type { Window } from './window.js';

/** What a schedule knows of one convolution. Views have N, C and then the spatial axes. */
export interface Convolution {
  readonly windows: readonly Window[];
  readonly batch: number;
  readonly groups: number;
  /** Input and output channels of one group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly input: Memory;
  readonly output: Memory;
  readonly residual: Memory | undefined;
}

/** Memory under a parameter. */
export interface Memory {
  readonly param: string;
  readonly view: View;
}

/** The activation of a whole image, after all of its sums are stored. */

import { load } from '../expr.js';
import { axesInMemoryOrder } from '../view.js';
import { applyActivation } from './activation.js';
import { origin, overAxes } from './axis-loops.js';
import { type Memory, placeIn } from './convolution-shape.js';
import type { KernelContext } from './rule.js';

export function activateImage(context: KernelContext, memory: Memory): void {
  const { param, view } = memory;
  overAxes(context.block, view.dims, axesInMemoryOrder(view), origin(view.dims), (block, at) => {
    const place = block.let('at', placeIn(memory, at));
    block.store(param, place, applyActivation(context, block, load(param, view.dtype, place)));
  });
}

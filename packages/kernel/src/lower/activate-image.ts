/** The activation of an image, or of a part of it, after all of its sums are stored. */

import { load } from '../expr.js';
import { axesInMemoryOrder } from '../view.js';
import { applyActivation } from './activation.js';
import { origin, overAxes } from './axis-loops.js';
import { type Memory, placeIn } from './convolution-shape.js';
import type { KernelContext } from './rule.js';

export function activateImage(context: KernelContext, memory: Memory, block = context.block): void {
  const { param, view } = memory;
  overAxes(block, view.dims, axesInMemoryOrder(view), origin(view.dims), (inner, at) => {
    const place = inner.let('at', placeIn(memory, at));
    inner.store(param, place, applyActivation(context, inner, load(param, view.dtype, place)));
  });
}

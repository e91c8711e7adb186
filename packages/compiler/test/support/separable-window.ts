/** The windows of convolutions as they come in separable models, and as they should not come. */

import type { Draw } from './draw.js';
import { extentOf, type Window } from './window.js';

export interface SeparableWindow {
  /** Where `autoPad` decides on the padding, the axes have none. */
  readonly axes: readonly Window[];
  readonly autoPad: 'NOTSET' | 'SAME_UPPER' | 'SAME_LOWER' | 'VALID';
}

/** Any window that fits at least once, or is made to by padding. */
export function drawWindow(draw: Draw, sizes: readonly number[]): SeparableWindow {
  const padding = draw.of<Padding>(['none', 'even', 'uneven', 'uneven', 'wide', 'same', 'valid']);
  const autoPad =
    padding === 'same'
      ? draw.of(['SAME_UPPER', 'SAME_LOWER'] as const)
      : padding === 'valid'
        ? 'VALID'
        : 'NOTSET';
  const axes = sizes.map((size) => drawAxis(draw, size, padding));
  const fits = axes.every((axis, i) => extentOf(axis) <= (sizes[i] ?? 0));
  return autoPad === 'VALID' && !fits
    ? { axes: axes.map((axis, i) => padToFit(axis, sizes[i] ?? 0)), autoPad: 'NOTSET' }
    : { axes, autoPad };
}

/** A window that gives as many positions as there are, as residual blocks need it. */
export function drawKeepingWindow(draw: Draw, sizes: readonly number[]): SeparableWindow {
  const autoPad = draw.of(['NOTSET', 'SAME_UPPER', 'SAME_LOWER'] as const);
  const axes = sizes.map(() => {
    const axis = { ...pixel, kernel: draw.of(kernels) };
    if (autoPad !== 'NOTSET') return axis;
    const dilated = { ...axis, dilation: draw.of([1, 1, 2]) };
    const before = draw.below(extentOf(dilated));
    return { ...dilated, before, after: extentOf(dilated) - 1 - before };
  });
  return { axes, autoPad };
}

/** One pixel at a time; now and then with a stride, or with padding around. */
export function drawPixelWindow(draw: Draw, sizes: readonly number[]): SeparableWindow {
  const stride = draw.chance(0.06) ? 2 : 1;
  const pad = draw.chance(0.05) ? 1 : 0;
  return {
    axes: sizes.map(() => ({ ...pixel, stride, before: draw.below(pad + 1), after: pad })),
    autoPad: 'NOTSET',
  };
}

export function sizesAfter(
  { axes, autoPad }: SeparableWindow,
  sizes: readonly number[],
): readonly number[] {
  return axes.map((axis, i) => {
    const size = sizes[i] ?? 0;
    if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') return Math.ceil(size / axis.stride);
    return Math.floor((size + axis.before + axis.after - extentOf(axis)) / axis.stride) + 1;
  });
}

/** Whether some position sees padding and nothing else. */
export function seesOnlyPadding(window: SeparableWindow, sizes: readonly number[]): boolean {
  return window.axes.some((axis, i) => {
    const size = sizes[i] ?? 0;
    const positions = sizesAfter(window, sizes)[i] ?? 0;
    return Array.from({ length: positions }, (_, at) => at * axis.stride - axis.before).some(
      (first) =>
        Array.from({ length: axis.kernel }, (_, tap) => first + tap * axis.dilation).every(
          (at) => at < 0 || at >= size,
        ),
    );
  });
}

type Padding = 'none' | 'even' | 'uneven' | 'wide' | 'same' | 'valid';

const kernels = [1, 2, 3, 3, 3, 4, 5];
const pixel: Window = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

function drawAxis(draw: Draw, size: number, padding: Padding): Window {
  const kernel = draw.of(kernels);
  const stride = draw.chance(0.1) ? kernel + 1 + draw.below(2) : draw.of([1, 1, 1, 2, 2, 3]);
  // onnxruntime has no SAME for windows with holes.
  const dilation = padding === 'same' ? 1 : draw.of([1, 1, 1, 1, 2, 3]);
  const axis = { ...pixel, kernel, stride, dilation };
  const extent = extentOf(axis);
  switch (padding) {
    case 'same':
    case 'valid':
      return axis;
    case 'none':
      return padToFit(axis, size);
    case 'even': {
      const pad = Math.floor(extent / 2);
      return padToFit({ ...axis, before: pad, after: pad }, size);
    }
    case 'uneven':
      return padToFit({ ...axis, before: draw.below(extent), after: draw.below(extent) }, size);
    case 'wide':
      // Up to two positions more than the window spans.
      return padToFit(
        { ...axis, before: draw.below(extent + 3), after: draw.below(extent + 3) },
        size,
      );
  }
}

/** Padding at the end until the window fits once. */
function padToFit(axis: Window, size: number): Window {
  const missing = extentOf(axis) - size - axis.before - axis.after;
  return missing > 0 ? { ...axis, after: axis.after + missing } : axis;
}

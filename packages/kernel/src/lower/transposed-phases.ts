/**
 * A transposed convolution of stride s as s convolutions of stride 1 along each axis, one for each
 * phase. Output position o = s·r + phase is reached by every s-th tap only, from f = (phase + p) mod s
 * on, and from input r + ⌊(phase + p) / s⌋ - j by the j-th of these. So the taps of a phase, turned
 * round, are the filter of an ordinary convolution, whose output goes to every s-th position.
 *
 * Source of the idea: the sub-pixel decomposition, as in Shi et al., "Is the deconvolution layer the
 * same as a convolutional layer?" (2016).
 */

import { index } from '../expr.js';
import { range } from '../schedule/contraction.js';
import { sliceView, type View } from '../view.js';
import { activateImage } from './activate-image.js';
import { placeOfActivation } from './activation.js';
import type { Convolution, Memory } from './convolution-shape.js';
import { writeDepthwise } from './depthwise.js';
import { writeGroups } from './grouped-convolution.js';
import { countOf } from './index-math.js';
import type { KernelContext } from './rule.js';
import type { Window } from './window.js';

/** One phase: for each axis the window of its convolution, and where its positions and taps lie. */
export interface Phase {
  readonly windows: readonly Window[];
  readonly axes: readonly PhaseAxis[];
}

interface PhaseAxis {
  readonly stride: number;
  /** The first output position. */
  readonly phase: number;
  readonly firstTap: number;
}

/** More phases are more code than they save time. */
const maxPhases = 4;

/**
 * The phases of a transposed convolution, all of its axes combined; undefined where there are too
 * many, or taps are dilated. `windows` are those of the node, with the output's positions.
 */
export function phasesOf(windows: readonly Window[]): readonly Phase[] | undefined {
  if (windows.some(({ dilation }) => dilation !== 1)) return undefined;
  if (countOf(windows.map(({ stride }) => stride)) > maxPhases) return undefined;
  return windows.reduce<readonly Phase[]>(
    (phases, window) =>
      range(Math.min(window.stride, window.output)).flatMap((phase) =>
        phases.map((outer) => withAxis(outer, window, phase)),
      ),
    [{ windows: [], axes: [] }],
  );
}

function withAxis({ windows, axes }: Phase, window: Window, phase: number): Phase {
  const { input, output, kernel, stride, padBefore } = window;
  const firstTap = (phase + padBefore) % stride;
  const taps = Math.max(0, Math.ceil((kernel - firstTap) / stride));
  const skipped = Math.floor((phase + padBefore) / stride);
  const own: Window = {
    input,
    output: Math.ceil((output - phase) / stride),
    kernel: taps,
    stride: 1,
    dilation: 1,
    // Without taps nothing is read, and no padding needed.
    padBefore: taps === 0 ? 0 : taps - 1 - skipped,
  };
  return { windows: [...windows, own], axes: [...axes, { stride, phase, firstTap }] };
}

/** A transposed convolution: its windows, and the channels of one group. */
export interface TransposedShape {
  readonly windows: readonly Window[];
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Writes the convolutions of all phases; `filter` is the node's, `[C, M/g, taps…]`. */
export function writePhases(
  context: KernelContext,
  shape: TransposedShape,
  phases: readonly Phase[],
  filter: ArrayLike<number>,
): void {
  const x = context.memory(0);
  const y = context.destination(0);
  const later = placeOfActivation(context, shape.outputs) === 'image' && shape.inputs > 1;
  for (const phase of phases) {
    const convolution: Convolution = {
      windows: phase.windows,
      batch: x.dims[0] ?? 1,
      groups: shape.groups,
      inputs: shape.inputs,
      outputs: shape.outputs,
      input: x,
      output: outputOf(y, phase),
      residual: undefined,
      filter: filterOf(shape, phase, filter),
      activatesLater: later,
    };
    if (shape.inputs === 1 && shape.groups > 1) writeDepthwise(context, convolution);
    else writeGroups(context, convolution);
  }
  if (later) activateImage(context, y);
}

/** The output positions of a phase: every `stride`-th, from the phase on. */
function outputOf({ param, view }: Memory, { windows, axes }: Phase): Memory {
  const part = axes.reduce<View>(
    (whole, { phase, stride }, axis) =>
      sliceView(whole, axis + 2, phase, windows[axis]?.output ?? 0, stride),
    view,
  );
  return { param, view: part, start: index(part.offset - view.offset) };
}

/** The taps of a phase, last to first, as `[M, C/g, taps…]`. */
function filterOf(
  { groups, inputs, outputs, windows }: TransposedShape,
  phase: Phase,
  filter: ArrayLike<number>,
): Float32Array {
  const whole = countOf(windows.map(({ kernel }) => kernel));
  const taps = tapsOfPhase(windows, phase);
  const own = new Float32Array(groups * outputs * inputs * taps.length);
  for (let channel = 0; channel < groups * outputs; channel++) {
    const g = Math.floor(channel / outputs);
    for (let k = 0; k < inputs; k++) {
      const from = ((g * inputs + k) * outputs + (channel % outputs)) * whole;
      const to = (channel * inputs + k) * taps.length;
      taps.forEach((tap, i) => {
        own[to + i] = filter[from + tap] ?? 0;
      });
    }
  }
  return own;
}

/** The row-major positions, in the node's filter, of the taps of a phase in the order of its own. */
function tapsOfPhase(windows: readonly Window[], phase: Phase): number[] {
  return windows.reduce<number[]>(
    (outer, { kernel }, axis) => {
      const { firstTap = 0, stride = 1 } = phase.axes[axis] ?? {};
      const count = phase.windows[axis]?.kernel ?? 0;
      const own = range(count).map((i) => firstTap + stride * (count - 1 - i));
      return outer.flatMap((position) => own.map((tap) => position * kernel + tap));
    },
    [0],
  );
}

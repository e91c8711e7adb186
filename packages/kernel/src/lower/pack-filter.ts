/** The filter of a convolution in the order in which a register tile reads it. */

import type { Block } from '../block.js';
import { add, index, load, mul } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import type { Convolution } from './convolution-shape.js';
import { countOf } from './index-math.js';
import type { KernelContext } from './rule.js';

export interface PackedFilter {
  /** Whether the weights of neighbouring taps and channels follow each other. */
  readonly isPacked: boolean;
  /** The weight of output channel `start + column` of group `g` at a tap and input channel. */
  read(block: Block, g: Expr, start: Expr, column: Expr, at: readonly Expr[]): Expr;
}

/**
 * Packs `[Cout, Cin/g, taps…]` as `[group][panel][tap][input channel][column]`, the order in which
 * the tile reads it, the last panel filled up with zeros. Weights that are computed are read as
 * they lie.
 */
export function packFilter(
  context: KernelContext,
  convolution: Convolution,
  width: number,
): PackedFilter {
  const { groups, inputs, outputs, windows, filter, sums } = convolution;
  if (sums?.weights !== undefined) return { isPacked: true, read: sums.weights(windows, width) };
  const data = filter ?? context.constantData(1);
  if (data === undefined) {
    const w = context.memory(1);
    return {
      isPacked: false,
      read: (block, g, start, column, at) => {
        const channel = add(mul(g, index(outputs)), add(start, column));
        const k = at[windows.length] ?? index(0);
        return w.read(block, [channel, k, ...at.slice(0, windows.length)]);
      },
    };
  }
  const taps = countOf(windows.map(({ kernel }) => kernel));
  const panels = Math.ceil(outputs / width);
  const depth = taps * inputs;
  const param = context.packFloats('w', groups * panels * depth * width, (packed) => {
    for (let channel = 0; channel < groups * outputs; channel++) {
      const g = Math.floor(channel / outputs);
      const inGroup = channel - g * outputs;
      const panel = g * panels + Math.floor(inGroup / width);
      const column = inGroup % width;
      for (let k = 0; k < inputs; k++) {
        const from = (channel * inputs + k) * taps;
        const to = (panel * depth + k) * width + column;
        for (let tap = 0; tap < taps; tap++) {
          packed[to + tap * inputs * width] = data[from + tap] ?? 0;
        }
      }
    }
  });
  return {
    isPacked: true,
    read: (_, g, start, column, at) =>
      load(param, 'float32', placeOfWeight(convolution, width)(g, start, column, at)),
  };
}

/** Where the packed weight of output channel `start + column` of group `g` lies, at a tap and input channel. */
export function placeOfWeight(
  { inputs, outputs, windows }: Pick<Convolution, 'inputs' | 'outputs' | 'windows'>,
  width: number,
): (g: Expr, start: Expr, column: Expr, at: readonly Expr[]) => Expr {
  const panels = Math.ceil(outputs / width);
  const depth = countOf(windows.map(({ kernel }) => kernel)) * inputs;
  return (g, start, column, at) => {
    let tap: Expr = index(0);
    windows.forEach((window, axis) => {
      tap = add(mul(tap, index(window.kernel)), at[axis] ?? index(0));
    });
    const k = add(mul(tap, index(inputs)), at[windows.length] ?? index(0));
    const group = mul(g, index(panels * depth * width));
    const inPanel = add(mul(k, index(width)), column);
    return add(group, placeInPanels(inPanel, start, panels, depth));
  };
}

/** A place of a tile that begins at column `start`, which of several panels is the first column of one. */
export function placeInPanels(inPanel: Expr, start: Expr, panels: number, depth: number): Expr {
  return add(panels === 1 ? start : mul(start, index(depth)), inPanel);
}

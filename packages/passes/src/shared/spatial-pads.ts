/** Pads of the spatial axes of an image. */

import { integersOf, type Node, optionalAttribute, requiredAttribute } from '@whittle/ir';
import { uniformValue } from './constants.js';

export interface SpatialPads {
  /** Of the spatial axes, begins and then ends. */
  readonly amounts: readonly number[];
  readonly value: number;
}

/** What a Pad does, where it pads the spatial axes alone, with one number, and takes nothing away. */
export function spatialPads(pad: Node): SpatialPads | undefined {
  const [x, amounts, fill, axes] = pad.inputs;
  const rank = x?.type?.dims.length;
  const pads = integersOf(amounts);
  if (rank === undefined || pads === undefined) return undefined;
  if (requiredAttribute(pad, 'mode', 'string') !== 'constant') return undefined;
  const value = fill === undefined ? 0 : uniformValue(fill);
  if (value === undefined) return undefined;
  const all = axes === undefined ? pads : onAllAxes(pads, integersOf(axes), rank);
  if (all === undefined || all.length !== 2 * rank || all.some((amount) => amount < 0)) {
    return undefined;
  }
  const begins = all.slice(0, rank);
  const ends = all.slice(rank);
  if ([begins[0], begins[1], ends[0], ends[1]].some((amount) => amount !== 0)) return undefined;
  return { amounts: [...begins.slice(2), ...ends.slice(2)], value };
}

/** The pads that a window has already, in numbers; undefined where they follow from the sizes. */
export function windowPads(window: Node, axes: number): readonly number[] | undefined {
  const mode = requiredAttribute(window, 'auto_pad', 'string');
  const none = Array<number>(2 * axes).fill(0);
  if (mode === 'VALID') return none;
  return mode === 'NOTSET' ? (optionalAttribute(window, 'pads', 'ints') ?? none) : undefined;
}

function onAllAxes(
  pads: readonly number[],
  axes: readonly number[] | undefined,
  rank: number,
): readonly number[] | undefined {
  if (axes === undefined) return undefined;
  const all = Array<number>(2 * rank).fill(0);
  axes.forEach((axis, i) => {
    const at = axis < 0 ? axis + rank : axis;
    all[at] = pads[i] ?? 0;
    all[at + rank] = pads[i + axes.length] ?? 0;
  });
  return all;
}

/**
 * Channels last and channels first. The graph knows only ONNX's order, [N, C, ...spatial]; an image
 * with channels last goes through a Transpose on either side, which lowering turns into a view of
 * the same memory.
 */

import type { Dim } from '../dim.js';
import type { Value } from '../graph.js';
import type { SpatialRank } from './convolution-options.js';
import { dimsOfOperand, type FormContext } from './form-context.js';

/** The spatial axes by TensorFlow's letters. */
export const spatialAxes: Readonly<Record<SpatialRank, readonly string[]>> = {
  1: ['W'],
  2: ['H', 'W'],
  3: ['D', 'H', 'W'],
};

/** An image in ONNX's order, and the way back to that of the user. */
export interface ChannelsFirst {
  readonly value: Value;
  readonly channels: Dim;
  /** The name for a result that is in ONNX's order still. */
  readonly resultName: string;
  /** A result in the user's order. */
  readonly restore: (result: Value) => Value;
}

/** @throws {CompilerError} `E_INVALID_GRAPH` where `x` has another rank, or the format is none. */
export function channelsFirst(context: FormContext, x: Value): ChannelsFirst {
  const { builder, stem, spatialRank } = context;
  const letters = spatialAxes[spatialRank];
  const [last, first] = [
    ['N', ...letters, 'C'],
    ['N', 'C', ...letters],
  ] as const;
  // Callers in plain JavaScript can pass any text.
  const wanted: string = context.options.dataFormat ?? last.join('');
  const format = [last, first].find((axes) => axes.join('') === wanted);
  if (format === undefined) {
    return context.fail(
      `has dataFormat ${JSON.stringify(wanted)}, which is neither "${last.join('')}" nor "${first.join('')}"`,
    );
  }
  const dims = dimsOfOperand(context, 'an image', x, format);
  const channels = dims[format.indexOf('C')] ?? 1;
  if (format === first) return { value: x, channels, resultName: stem, restore: (y) => y };
  const suffix = first.join('');
  const transpose = (value: Value, from: readonly string[], to: readonly string[], name: string) =>
    builder.op(
      'Transpose',
      [value],
      { perm: to.map((axis) => from.indexOf(axis)) },
      { outputs: [name] },
    );
  return {
    channels,
    value: transpose(x, last, first, `${x.name}.${suffix}`),
    resultName: `${stem}.${suffix}`,
    restore: (y) => transpose(y, first, last, stem),
  };
}

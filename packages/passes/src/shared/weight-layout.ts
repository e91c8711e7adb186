/**
 * How the weights of convolutions and matrix products lie: rows of columns of taps, where the rows
 * are the output channels and the columns input channels, or the other way round.
 *
 *     Conv             [outputs, inputs / group, …taps]
 *     ConvTranspose    [inputs, outputs / group, …taps]
 *     Gemm, MatMul     [inputs, outputs], or [outputs, inputs] with transB
 */

import { type Node, requiredAttribute, type Tensor } from '@whittle/ir';
import { type Floats, zerosLike } from './floats.js';

export type ChannelSide = 'outputs' | 'inputs';

export interface WeightLayout {
  readonly outputs: number;
  readonly inputs: number;
  readonly rowsAre: ChannelSide;
  readonly rows: number;
  readonly columns: number;
  readonly taps: number;
  /** Rows to a group of channels. The columns of a group are channels of that group. */
  readonly rowsPerGroup: number;
}

export function weightLayout(node: Node, weights: Tensor): WeightLayout {
  const [rows = 1, columns = 1, ...kernel] = weights.dims;
  const taps = kernel.reduce((product, size) => product * size, 1);
  const isProduct = node.op === 'Gemm' || node.op === 'MatMul';
  const group = isProduct ? 1 : requiredAttribute(node, 'group', 'int');
  const isTurned = node.op === 'Gemm' && requiredAttribute(node, 'transB', 'int') !== 0;
  const rowsAre = node.op === 'Conv' || isTurned ? 'outputs' : 'inputs';
  const [outputs, inputs] =
    rowsAre === 'outputs' ? [rows, columns * group] : [columns * group, rows];
  return { outputs, inputs, rowsAre, rows, columns, taps, rowsPerGroup: rows / group };
}

/** The weights with a factor for each channel on one side, formed in f64 and rounded once. */
export function scaleWeights(
  weights: Floats,
  layout: WeightLayout,
  side: ChannelSide,
  scale: Float64Array,
): Floats {
  const scaled = zerosLike(weights, weights.length);
  const { rows, columns, taps } = layout;
  for (let row = 0; row < rows; row++) {
    const first = firstColumn(layout, row);
    for (let column = 0; column < columns; column++) {
      const factor = scale[side === layout.rowsAre ? row : first + column] ?? 1;
      const start = (row * columns + column) * taps;
      for (let i = start; i < start + taps; i++) scaled[i] = (weights[i] ?? 0) * factor;
    }
  }
  return scaled;
}

/** For each output channel the sum of its weights, each times the value of its input channel. */
export function weightedInputs(
  weights: Floats,
  layout: WeightLayout,
  inputs: Float64Array,
): Float64Array {
  const sums = new Float64Array(layout.outputs);
  const { rows, columns, taps } = layout;
  for (let row = 0; row < rows; row++) {
    const first = firstColumn(layout, row);
    for (let column = 0; column < columns; column++) {
      const other = first + column;
      const [output, input] = layout.rowsAre === 'outputs' ? [row, other] : [other, row];
      const start = (row * columns + column) * taps;
      let sum = 0;
      for (let i = start; i < start + taps; i++) sum += weights[i] ?? 0;
      sums[output] = (sums[output] ?? 0) + sum * (inputs[input] ?? 0);
    }
  }
  return sums;
}

/** The channel of the first column of a row. */
function firstColumn({ columns, rowsPerGroup }: WeightLayout, row: number): number {
  return Math.floor(row / rowsPerGroup) * columns;
}

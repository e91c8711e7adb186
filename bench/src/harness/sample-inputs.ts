/**
 * Inputs for models that leave dims open, or that answer nothing of note to noise, by file stem.
 * Every model has one input of a size that its users have.
 */

import { randomTensor, type TensorData, type Tensors } from '@whittle/compiler';
import { numbersOf, seededTensor } from '@whittle/ir';

export const sampleInputs: Readonly<Record<string, () => Tensors>> = {
  // To noise it answers that nothing is text: a sigmoid at -12, which magnifies rounding.
  'ch_PP-OCRv4_det_infer': () => ({ x: pageOfText(480) }),
  'ch_PP-OCRv4_rec_infer': () => ({ x: noise([1, 3, 48, 320]) }),
  'ch_ppocr_mobile_v2.0_cls_infer': () => ({ x: noise([1, 3, 48, 192]) }),
};

function noise(dims: readonly number[]): TensorData {
  return randomTensor({ name: 'x', dtype: 'float32', dims }, 1);
}

/** Pixels along the side of a dot, of which letters are made. */
const dot = 4;
const paper = 2;
const ink = -2;

/**
 * Lines of dark letters on light paper, [1, 3, size, size]: six rows of dots in twelve are a line,
 * four columns of dots in five a letter, and half of the dots of a letter are inked at random.
 */
export function pageOfText(size: number): TensorData {
  const side = Math.ceil(size / dot);
  const dots = numbersOf(seededTensor('float32', [side, side], 1));
  const isInk = (row: number, column: number): boolean =>
    row % 12 >= 3 &&
    row % 12 < 9 &&
    column % 5 !== 0 &&
    Math.min(column, side - 1 - column) > 5 &&
    (dots[row * side + column] ?? 0) < 0;
  const plane = Float32Array.from({ length: size * size }, (_, pixel) => {
    const row = Math.floor(pixel / size / dot);
    const column = Math.floor((pixel % size) / dot);
    return isInk(row, column) ? ink : paper;
  });
  const data = new Float32Array(3 * plane.length);
  for (let channel = 0; channel < 3; channel++) data.set(plane, channel * plane.length);
  return { dtype: 'float32', dims: [1, 3, size, size], data };
}

/**
 * What the classifier was trained on: planes of blue, green and red, each value brought from [0, 255] into
 * [-1, 1]. The pictures are grey, so that the three planes are equal.
 *
 * Source: PaddleOCR's preprocessing of its text direction classifier, mean and deviation 0.5.
 */

import type { Picture } from './draw-word.js';

/** `[1, 3, height, width]` */
export function normalize({ pixels }: Picture): Float32Array {
  const plane = pixels.length;
  const data = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < plane; i++)
      data[channel * plane + i] = ((pixels[i] ?? 0) / 255 - 0.5) / 0.5;
  }
  return data;
}

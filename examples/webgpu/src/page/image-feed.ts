/**
 * What both networks were trained on: planes of blue, green and red, each value brought from [0, 255] into
 * [-1, 1].
 *
 * Source: PaddleOCR's preprocessing, mean and deviation 0.5, images as OpenCV reads them.
 */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel, row by row. */
  readonly data: ArrayLike<number>;
}

/** `[1, 3, height, width]`. Nothing of the image may be transparent. */
export function imageFeed({ width, height, data }: Pixels): Float32Array {
  const plane = width * height;
  const feed = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < plane; i++) {
      feed[channel * plane + i] = ((data[4 * i + 2 - channel] ?? 0) / 255 - 0.5) / 0.5;
    }
  }
  return feed;
}

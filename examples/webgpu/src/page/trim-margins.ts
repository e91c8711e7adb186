/** Where the text is, in an image that has a plain margin around it. */

import type { Pixels } from './image-feed.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How far, in [0, 255], a channel of the margin may be from the colour of the first corner. */
const tolerance = 40;

/** All of the image where its edge is of several colours or nothing stands out. */
export function trimMargins({ width, height, data }: Pixels): Box {
  const whole = { left: 0, top: 0, width, height };
  const isMargin = (x: number, y: number): boolean =>
    [0, 1, 2].every((channel) => {
      const value = data[4 * (y * width + x) + channel] ?? 0;
      return Math.abs(value - (data[channel] ?? 0)) <= tolerance;
    });
  const columns = range(width);
  const rows = range(height);
  const isPlain =
    columns.every((x) => isMargin(x, 0) && isMargin(x, height - 1)) &&
    rows.every((y) => isMargin(0, y) && isMargin(width - 1, y));
  if (!isPlain) return whole;

  const rowHasText = (y: number): boolean => columns.some((x) => !isMargin(x, y));
  const columnHasText = (x: number): boolean => rows.some((y) => !isMargin(x, y));
  const top = rows.findIndex(rowHasText);
  if (top < 0) return whole;
  const bottom = rows.findLastIndex(rowHasText);
  const left = columns.findIndex(columnHasText);
  const right = columns.findLastIndex(columnHasText);
  // The networks were trained on boxes with a little air around the letters.
  const air = Math.ceil((bottom - top + 1) * 0.2);
  const from = { left: Math.max(0, left - air), top: Math.max(0, top - air) };
  return {
    ...from,
    width: Math.min(width, right + 1 + air) - from.left,
    height: Math.min(height, bottom + 1 + air) - from.top,
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

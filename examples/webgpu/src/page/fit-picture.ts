/** Brings a picture to the size of a network. */

import { imageFeed, type Pixels } from './image-feed.js';
import { trimMargins } from './trim-margins.js';

const height = 48;
/** It is in the middle of what a channel can be, so that a network is fed zeros. */
const padding = '#808080';

/**
 * Draws the text as high as the canvas, on its left, and as wide as that makes it: squeezed where the canvas
 * ends before it does. Gives what a network is fed, `[1, 3, 48, width]`.
 */
export function fitPicture(
  picture: HTMLCanvasElement,
  { width, upsideDown }: { readonly width: number; readonly upsideDown: boolean },
  canvas: HTMLCanvasElement = document.createElement('canvas'),
): Float32Array {
  canvas.width = width;
  canvas.height = height;
  const context = contextOf(canvas);
  const box = trimMargins(pixelsOf(picture));
  const fitted = Math.min(width, Math.max(1, Math.round((box.width * height) / box.height)));
  context.fillStyle = padding;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  if (upsideDown) {
    context.translate(fitted, height);
    context.rotate(Math.PI);
  }
  context.drawImage(picture, box.left, box.top, box.width, box.height, 0, 0, fitted, height);
  return imageFeed(pixelsOf(canvas));
}

/** Of a canvas that is read back, which browsers had better keep off the GPU. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser gives no more canvases: reload the page.');
  return context;
}

function pixelsOf(canvas: HTMLCanvasElement): Pixels {
  return contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
}

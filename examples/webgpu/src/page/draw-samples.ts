/** Pictures of text that the page draws itself. */

import { contextOf } from './fit-picture.js';

export interface Sample {
  readonly name: string;
  readonly draw: () => HTMLCanvasElement;
}

interface Look {
  readonly font: string;
  readonly ink: string;
  readonly paper: string;
  readonly upsideDown?: boolean;
}

const note: Look = { font: '500 64px system-ui, sans-serif', ink: '#1c2430', paper: '#f4f1ea' };

export const samples: readonly Sample[] = [
  {
    name: 'Street sign',
    draw: () =>
      drawLine('Harbour Street 24', {
        font: '700 64px system-ui, sans-serif',
        ink: '#ffffff',
        paper: '#17499a',
      }),
  },
  {
    name: 'Receipt',
    draw: () =>
      drawLine('TOTAL  EUR 27.50', {
        font: '500 64px ui-monospace, "Liberation Mono", monospace',
        ink: '#3b3b3f',
        paper: '#f3efe2',
      }),
  },
  {
    name: 'Crate, turned over',
    draw: () =>
      drawLine('THIS SIDE UP', {
        font: '700 72px Georgia, "Liberation Serif", serif',
        ink: '#4a2608',
        paper: '#d9a866',
        upsideDown: true,
      }),
  },
];

/** What a person typed, as a picture. */
export function drawTyped(text: string): HTMLCanvasElement {
  return drawLine(text, note);
}

function drawLine(text: string, { font, ink, paper, upsideDown = false }: Look): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const context = contextOf(canvas);
  context.font = font;
  canvas.width = Math.max(720, Math.ceil(context.measureText(text).width) + 48);
  canvas.height = 144;
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (upsideDown) {
    context.translate(canvas.width, canvas.height);
    context.rotate(Math.PI);
  }
  // A canvas forgets all of this when its size is set.
  context.font = font;
  context.fillStyle = ink;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, canvas.width / 2, canvas.height / 2);
  return canvas;
}

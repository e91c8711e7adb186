/** Keeps the figures of docs/design true: `npm run figures` draws them anew. */

import { expect, it } from 'vitest';
import { writeFigure } from '../drawing.js';
import { figures } from '../figures.js';

it.each(figures)('$name is what its script draws', async (figure) => {
  await expect(writeFigure(figure)).toMatchFileSnapshot(
    `../../../docs/design/figures/${figure.name}.svg`,
  );
});

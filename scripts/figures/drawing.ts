/** Putting drawings together, and the document around the whole. */

import {
  arrowHead,
  type Drawing,
  element,
  escaped,
  group,
  line,
  rect,
  text,
  textWidth,
} from './svg.js';
import { colors } from './theme.js';

/** Side by side, aligned at the top or in the middle. */
export function beside(
  drawings: readonly Drawing[],
  gap: number,
  align: 'top' | 'middle' = 'top',
): Drawing {
  const height = Math.max(...drawings.map((drawing) => drawing.height));
  let x = 0;
  const placed = drawings.map((drawing) => {
    const y = align === 'top' ? 0 : (height - drawing.height) / 2;
    const at = group(x, y, drawing.body);
    x += drawing.width + gap;
    return at;
  });
  return { width: x - gap, height, body: placed.join('\n') };
}

/** One below the other, aligned at the left or in the middle. */
export function stacked(
  drawings: readonly Drawing[],
  gap: number,
  align: 'left' | 'middle' = 'left',
): Drawing {
  const width = Math.max(...drawings.map((drawing) => drawing.width));
  let y = 0;
  const placed = drawings.map((drawing) => {
    const x = align === 'left' ? 0 : (width - drawing.width) / 2;
    const at = group(x, y, drawing.body);
    y += drawing.height + gap;
    return at;
  });
  return { width, height: y - gap, body: placed.join('\n') };
}

/** Lines of text, the first of them a heading. */
export function caption(heading: string, lines: readonly string[] = []): Drawing {
  const rows = [
    { content: heading, style: { bold: true, size: 14 } },
    ...lines.map((content) => ({ content, style: { size: 12, fill: colors.muted } })),
  ];
  return {
    width: Math.max(...rows.map(({ content, style }) => textWidth(content, style))),
    height: 18 + 16 * lines.length,
    body: rows.map(({ content, style }, i) => text(0, 14 + 16 * i, content, style)).join('\n'),
  };
}

/** An arrow to the right with lines of words above it. */
export function arrow(words: readonly string[]): Drawing {
  const style = { size: 12, mono: true, fill: colors.muted, anchor: 'middle' } as const;
  const width = Math.max(44, ...words.map((line) => textWidth(line, style)));
  const y = 16 * words.length + 8;
  return {
    width,
    height: 2 * y,
    body: [
      ...words.map((content, i) => text(width / 2, 12 + 16 * i, content, style)),
      line([0, y], [width - 6, y], { 'stroke-width': 1.5 }),
      arrowHead(width, y, 0),
    ].join('\n'),
  };
}

export interface Figure {
  /** The stem of its file. */
  readonly name: string;
  /** What it is, read aloud in place of it. */
  readonly title: string;
  /** What there is to see. */
  readonly description: string;
  readonly draw: () => Drawing;
}

const margin = 20;

/** The SVG document of a figure. */
export function writeFigure({ title, description, draw }: Figure): string {
  const { width, height, body } = draw();
  const size = { width: Math.ceil(width) + 2 * margin, height: Math.ceil(height) + 2 * margin };
  const ground = { rx: 8, fill: colors.ground, stroke: colors.frame };
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    ...size,
    viewBox: `0 0 ${size.width} ${size.height}`,
    role: 'img',
    'aria-labelledby': 'title description',
  };
  const document = element(
    'svg',
    root,
    element('title', { id: 'title' }, escaped(title)),
    element('desc', { id: 'description' }, escaped(description)),
    rect(0.5, 0.5, size.width - 1, size.height - 1, ground),
    group(margin, margin, body),
  );
  return `${document}\n`;
}

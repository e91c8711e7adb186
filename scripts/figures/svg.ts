/**
 * SVG as text. Coordinates are rounded to a hundredth of a pixel, so that the bytes do not depend on
 * the last bits of a sum. Nothing measures a font: `textWidth` is an upper bound for the common
 * families, and boxes are made from it.
 */

import { colors, fonts } from './theme.js';

/** A picture with its own coordinates, from (0, 0) to (width, height). */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}="${escaped(format(value))}"`,
  );
  const inside = children.filter((child) => child !== '').join('\n');
  const open = `<${name}${written.join('')}`;
  return inside === '' ? `${open}/>` : `${open}>${lines(inside)}</${name}>`;
}

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
  readonly fill?: string;
  /** The colour of an outline that keeps lines away. */
  readonly halo?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

const defaultSize = 13;

/** One line of text whose baseline starts, is centred or ends at (x, y). */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = defaultSize, bold, mono, fill = colors.text, halo, anchor = 'start' } = style;
  if (content === '') return '';
  const attributes = {
    x,
    y,
    fill,
    'font-size': size,
    'font-family': mono ? fonts.mono : fonts.sans,
    'font-weight': bold ? 600 : undefined,
    'text-anchor': anchor === 'start' ? undefined : anchor,
    ...(halo && { stroke: halo, 'stroke-width': 5, 'paint-order': 'stroke' }),
  };
  return element('text', attributes, escaped(content));
}

/** No less than the pixels that a line takes. */
export function textWidth(content: string, { size = defaultSize, bold, mono }: TextStyle = {}) {
  return [...content].length * size * (mono ? 0.62 : bold ? 0.6 : 0.56);
}

export function rect(
  x: number,
  y: number,
  width: number,
  height: number,
  attributes: Attributes = {},
): string {
  return element('rect', { x, y, width, height, ...attributes });
}

export function line(
  from: readonly [number, number],
  to: readonly [number, number],
  attributes: Attributes = {},
): string {
  const [x1, y1] = from;
  const [x2, y2] = to;
  return element('line', { x1, y1, x2, y2, stroke: colors.line, ...attributes });
}

/** A filled triangle whose tip is at (x, y), turned by so many degrees from pointing right. */
export function arrowHead(
  x: number,
  y: number,
  degrees: number,
  fill: string = colors.line,
): string {
  return element('path', {
    d: 'M0 0L-8 -4.5L-8 4.5Z',
    transform: `translate(${format(x)} ${format(y)}) rotate(${format(degrees)})`,
    fill,
  });
}

export function group(x: number, y: number, ...children: string[]): string {
  const isMoved = x !== 0 || y !== 0;
  const transform = isMoved ? `translate(${format(x)} ${format(y)})` : undefined;
  return element('g', { transform }, ...children);
}

/** A number as attributes hold it. */
export function format(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100 + 0) : value;
}

export function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Elements stand on lines of their own, text where it is. */
function lines(inside: string): string {
  return inside.startsWith('<') ? `\n${inside}\n` : inside;
}

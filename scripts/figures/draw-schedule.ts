/**
 * A fused kernel's schedule, band by band from left to right: the rows of the image that a band
 * reads, the slots of the ring, the scratch rows, and the rows of the output that it writes.
 */

import type { Band, SeparableShape } from './access-log.js';
import { arrowHead, type Drawing, group, line, rect, text } from './svg.js';
import { colors, kindTints } from './theme.js';

const left = 176;
const cellWidth = 96;
const cellHeight = 20;
const columnPitch = cellWidth + 34;
const sectionGap = 30;
const titleHeight = 26;

interface Cell {
  readonly label: string;
  /** White where nothing happens. */
  readonly fill?: string;
}

interface Section {
  readonly title: string;
  /** What the colours mean, or what makes the rows. */
  readonly notes: readonly Cell[];
  /** For each band its cells, from the top. */
  readonly columns: readonly (readonly Cell[])[];
}

export function drawSchedule(shape: SeparableShape, bands: readonly Band[]): Drawing {
  const sections = [
    imageSection(shape, bands),
    ...(shape.expanded === undefined ? [] : [ringSection(bands)]),
    rowsSection(
      'scratch',
      'depthwise',
      bands.map(({ scratch }) => scratch),
    ),
    rowsSection(
      'output y',
      'pointwise',
      bands.map(({ written }) => written),
    ),
  ];
  const middles = bands.map((_, band) => columnAt(band) + cellWidth / 2);
  const parts = middles.map((x, band) =>
    text(x, 14, `band ${band}`, { bold: true, anchor: 'middle' }),
  );
  let y = titleHeight;
  for (const section of sections) {
    if (y > titleHeight) parts.push(...middles.map((x) => downArrow(x, y - sectionGap)));
    parts.push(group(0, y, drawSection(section)));
    y += heightOf(section) + sectionGap;
  }
  const width = columnAt(bands.length - 1) + cellWidth;
  return { width, height: y - sectionGap, body: parts.join('\n') };
}

function columnAt(band: number): number {
  return left + band * columnPitch;
}

function imageSection({ size }: SeparableShape, bands: readonly Band[]): Section {
  const read = bands.flatMap((band) => [...band.read]);
  const first = Math.min(0, ...read);
  const end = Math.max(size - 1, ...read) + 1;
  const rows = Array.from({ length: end - first }, (_, i) => first + i);
  const wasRead = (row: number, band: number): boolean =>
    bands.slice(0, band).some((earlier) => earlier.read.has(row));
  const columns = bands.map((band, i) =>
    rows.map((row): Cell => {
      const label = row < 0 || row >= size ? 'zeros' : `row ${row}`;
      if (!band.read.has(row)) return { label };
      return { label, fill: wasRead(row, i) ? colors.kept : colors.fresh };
    }),
  );
  const readTwice = bands.some((band, i) => [...band.read].some((row) => wasRead(row, i)));
  const twice = readTwice ? [{ label: 'read again', fill: colors.kept }] : [];
  const notes = [
    { label: readTwice ? 'read' : 'read, each row once', fill: colors.fresh },
    ...twice,
  ];
  return { title: 'image x', notes, columns };
}

function ringSection(bands: readonly Band[]): Section {
  const columns = bands.map(({ slots, fresh }) =>
    sorted(slots.keys()).map((slot): Cell => {
      const row = slots.get(slot);
      const label = `slot ${slot}: ${typeof row === 'number' ? `row ${row}` : 'zeros'}`;
      return { label, fill: fresh.has(slot) ? colors.fresh : colors.kept };
    }),
  );
  const notes = [
    { label: 'written now', fill: colors.fresh },
    { label: 'kept', fill: colors.kept },
  ];
  return { title: 'ring', notes, columns };
}

function rowsSection(
  title: string,
  kind: 'depthwise' | 'pointwise',
  bands: readonly ReadonlySet<number>[],
): Section {
  const { fill } = kindTints[kind];
  const columns = bands.map((rows) =>
    sorted(rows).map((row): Cell => ({ label: `row ${row}`, fill })),
  );
  return { title, notes: [{ label: kind, fill }], columns };
}

function sorted(rows: Iterable<number>): number[] {
  return [...rows].sort((a, b) => a - b);
}

function heightOf({ columns, notes }: Section): number {
  const cells = Math.max(...columns.map((column) => column.length));
  return Math.max(cells * cellHeight, 24 + 18 * notes.length);
}

function drawSection({ title, notes, columns }: Section): string {
  const cells = columns.flatMap((column, band) =>
    column.map((cell, i) => ({ ...cell, x: columnAt(band), y: i * cellHeight })),
  );
  const isIdle = ({ fill }: Cell): boolean => fill === undefined;
  const drawn = [...cells.filter(isIdle), ...cells.filter((cell) => !isIdle(cell))].map(
    ({ label, fill, x, y }) => {
      const frame = { fill: fill ?? colors.ground, stroke: fill ? colors.line : colors.faint };
      const style = { size: 11, mono: true, anchor: 'middle' } as const;
      const words = { ...style, fill: fill ? colors.text : colors.muted };
      const middle = cellWidth / 2;
      return group(x, y, rect(0, 0, cellWidth, cellHeight, frame), text(middle, 14, label, words));
    },
  );
  const legend = notes.map(({ label, fill = colors.ground }, i) =>
    group(
      0,
      22 + 18 * i,
      rect(0, 1, 12, 12, { fill, stroke: colors.line }),
      text(19, 11, label, { size: 12, fill: colors.muted }),
    ),
  );
  return [text(0, 14, title, { bold: true }), ...legend, ...drawn].join('\n');
}

function downArrow(x: number, y: number): string {
  const end = y + sectionGap - 5;
  return [line([x, y + 5], [x, end - 6]), arrowHead(x, end, 90)].join('\n');
}

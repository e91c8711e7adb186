/** How numbers, texts and tables are shown: the same whatever the locale. */

import type { Measure } from '@whittle/compiler';
import Table from 'cli-table3';

/** 1234567 → `1,234,567`; a text (a symbolic quantity) stays; nothing known is `?`. */
export function formatCount(count: number | string | undefined): string {
  if (count === undefined) return '?';
  return typeof count === 'string' ? count : String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes with a unit that gives at most three digits before the point: `516.2 kB`. */
export function formatBytes(bytes: number): string {
  return formatScaled(bytes, ['B', 'kB', 'MB', 'GB']);
}

/** A count that is too long for its column: `3.6 M`. */
export function formatShortCount(count: number): string {
  return formatScaled(count, ['', 'k', 'M', 'G']).trimEnd();
}

/** A quantity of a cost model: `1.6 MB`, `12.3 µs`, `4 rows`. */
export function formatMeasure({ value, unit }: Measure): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(Math.round(value));
    case 'ns':
      return formatScaled(Math.round(value), ['ns', 'µs', 'ms', 's']);
    case 'MACs':
    case 'rows':
    case 'steps':
      return `${formatCount(Math.round(value))} ${value === 1 ? unit.slice(0, -1) : unit}`;
  }
}

/** In the first unit, each a thousand of the one before, that leaves at most three digits. */
function formatScaled(value: number, units: readonly string[]): string {
  let scaled = value;
  let unit = 0;
  for (; Math.abs(scaled) >= 1000 && unit + 1 < units.length; unit++) scaled /= 1000;
  return `${unit === 0 ? value : scaled.toFixed(1)} ${units[unit]}`;
}

export function formatMilliseconds(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** `float32[1,3,224,224]`; `?` where no rule says what a tensor is. */
export function formatSignature(tensor: {
  readonly dtype: string;
  readonly dims: readonly (number | string)[];
}): string {
  return tensor.dtype === 'unknown' ? '?' : `${tensor.dtype}[${tensor.dims.join(',')}]`;
}

/** What tables keep to where the names in them let it be. */
export const terminalColumns = 100;

/** Lines of at most `width` characters, broken between words; a longer word has a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const noLines = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((place) => [place, '']),
);

/** Columns of printable texts, two spaces apart; those after the first are set to the right on demand. */
export function formatTable(
  rows: readonly (readonly string[])[],
  alignments: readonly ('left' | 'right')[],
): string {
  const table = new Table({
    chars: { ...noLines, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: [...alignments],
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

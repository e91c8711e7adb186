/** How numbers and tables are shown: the same whatever the locale. */

import Table from 'cli-table3';

/** 1234567 → `1,234,567`; a text (a symbolic quantity) stays; nothing known is `?`. */
export function formatCount(count: number | string | undefined): string {
  if (count === undefined) return '?';
  return typeof count === 'string' ? count : String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes with a unit that gives at most four digits before the point: `516.2 kB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit + 1 < units.length; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
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

/** Tables of text, for terminals or as Markdown. */

export interface Table {
  readonly head: readonly string[];
  /** As many cells as the head has. */
  readonly rows: readonly (readonly string[])[];
}

export function formatTable({ head, rows }: Table, style: 'plain' | 'markdown'): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  // The first column is a label; the others are numbers, which align at the right.
  const pad = (cells: readonly string[]) =>
    cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  if (style === 'plain') return [head, ...rows].map((row) => pad(row).join('  ')).join('\n');
  const rule = widths.map((width, column) => '-'.repeat(width - 1) + (column === 0 ? '-' : ':'));
  return [pad(head), rule, ...rows.map(pad)].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The tables that the example prints, and its verdict. */

import { gzipSync } from 'node:zlib';
import type { CompileReport, Files } from '@whittle/compiler';

export interface PictureResult {
  readonly word: string;
  readonly upsideDown: boolean;
  /** The probabilities of 0° and 180°: from the emitted module, and from onnxruntime. */
  readonly actual: readonly number[];
  readonly expected: readonly number[];
}

export interface DemoReport {
  readonly report: CompileReport;
  readonly files: Files;
  readonly milliseconds: number;
  readonly results: readonly PictureResult[];
  /** The difference that is allowed, by the largest output. */
  readonly tolerance: number;
}

/** Whether every picture is told right and every output agrees. */
export function printReport({
  report,
  files,
  milliseconds,
  results,
  tolerance,
}: DemoReport): boolean {
  const differences = results.map(differenceOf);
  const largest = differences.reduce((a, b) => Math.max(a, b), 0);
  const agrees = largest <= tolerance;
  const right = results.filter((result) => isUpsideDown(result) === result.upsideDown).length;
  printTable([
    ['picture', 'predicted', 'probability', 'difference'],
    ...results.map((result, i) => [
      `${result.word} ${result.upsideDown ? 'upside down' : 'upright'}`,
      isUpsideDown(result) ? '180°' : '0°',
      Math.max(...result.actual).toFixed(4),
      (differences[i] ?? Number.NaN).toExponential(1),
    ]),
  ]);
  console.log();
  printTable([...compilationRows(report, files), ['median time', `${milliseconds.toFixed(2)} ms`]]);
  printTable([
    ['directions', `${right} of ${results.length} right`],
    [
      'largest difference',
      `${largest.toExponential(2)} of the largest output, onnxruntime-node being the reference`,
    ],
    ['verdict', agrees ? `within ${tolerance}` : `ABOVE ${tolerance}`],
  ]);
  return agrees && right === results.length;
}

function compilationRows(report: CompileReport, files: Files): string[][] {
  const { before, after, program } = report;
  const code = files.get('text-direction.js') ?? new Uint8Array();
  const top = Object.entries(after.ops)
    .map(([op, count]) => `${count} ${op}`)
    .join(', ');
  return [
    ['ops before', `${before.nodes}`],
    ['ops after', `${after.nodes}: ${top}`],
    ['code', `${count(code.byteLength)} bytes, ${count(gzipSync(code).byteLength)} with gzip`],
    ['weights', `${count(program.weightBytes)} bytes`],
    [
      'arena',
      `${count(program.arenaBytes)} bytes (lower bound ${count(program.arenaLowerBoundBytes)})`,
    ],
  ];
}

function isUpsideDown({ actual: [upright = 0, turned = 0] }: PictureResult): boolean {
  return turned > upright;
}

/** The largest difference of two elements by the largest element; NaN never agrees. */
function differenceOf({ actual, expected }: PictureResult): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(
    ...expected.map((value, i) => Math.abs((actual[i] ?? Number.NaN) - value)),
  );
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst / scale;
}

function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function printTable(rows: readonly (readonly string[])[]): void {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0), column === 0 ? 20 : 0),
  );
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

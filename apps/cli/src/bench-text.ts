/** What `whittle bench` measured, as tables. */

import { formatShortCount, formatTable } from './format.js';
import type { Spread } from './interleave.js';
import { printable } from './printable.js';
import type { Profile } from './profile-steps.js';

export interface EngineTiming {
  /** A target of Whittle, or another engine. */
  readonly name: string;
  readonly milliseconds: Spread;
  /** The median by that of the first; above 1, the first is faster. */
  readonly ratio: number;
  readonly samples: readonly number[];
}

export function timingsText(timings: readonly EngineTiming[]): string {
  const rows = timings.map(({ name, milliseconds: { min, p25, median, p75 }, ratio }) => [
    name,
    ...[median, p25, p75, min].map((value) => value.toFixed(2)),
    ratio.toFixed(2),
  ]);
  const head = ['engine', 'median ms', 'p25', 'p75', 'min', 'ratio'];
  return formatTable([head, ...rows], ['left', ...Array(5).fill('right')]);
}

/** A line for each step; one without multiply-adds has no speed, and nothing on a GPU a share of a peak. */
export function stepsText({ target, steps, peakGflops }: Profile): string {
  const total = steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const row = (names: readonly string[], milliseconds: number, macs: number) => {
    const gflops = (2 * macs) / milliseconds / 1e6;
    const speeds = [
      ...[formatShortCount(macs), gflops.toFixed(1)],
      ...(peakGflops === undefined ? [] : [percent(gflops / peakGflops)]),
    ];
    const time = [milliseconds.toFixed(3), percent(milliseconds / total)];
    return [...names, ...time, ...(macs === 0 ? speeds.map(() => '') : speeds)];
  };
  const rows = steps.map(({ label, kernel, milliseconds, macs }, i) =>
    row([String(i), printable(label, 50), printable(kernel, 40)], milliseconds, macs),
  );
  const macs = steps.reduce((sum, step) => sum + step.macs, 0);
  const head = [
    ...['step', 'label', 'kernel', 'ms', 'of all', 'MACs', 'GFLOP/s'],
    ...(peakGflops === undefined ? [] : ['of peak']),
  ];
  const table = formatTable(
    [head, ...rows, row(['', 'all', ''], total, macs)],
    ['right', 'left', 'left', ...Array(head.length - 3).fill('right')],
  );
  const measure =
    peakGflops === undefined
      ? 'each by itself, with the way to the device and back'
      : `the peak of 128-bit vectors is ${peakGflops.toFixed(1)} GFLOP/s`;
  return `${target}, step by step; ${measure}\n\n${table}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

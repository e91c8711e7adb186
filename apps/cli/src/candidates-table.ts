/** One line for each candidate: verdict, nodes, memory and time of the way as it was and as chosen, reason. */

import type { DecisionReport } from '@whittle/compiler';
import { type Candidate, sharedReason } from './candidates.js';
import { formatMeasure, formatTable } from './format.js';
import { printable, printableEnds } from './printable.js';
import { shortenNames } from './shorten-names.js';

export function tabulateCandidates(candidates: readonly Candidate[], columns: number): string {
  const numbers = candidates.map(({ verdict, decision }) => [
    verdict,
    compareMeasure(decision, 'arena'),
    compareMeasure(decision, 'time'),
  ]);
  const widths = [0, 1, 2].map((i) =>
    longestOf([head[i] ?? '', ...numbers.map((row) => row[i] ?? '')]),
  );
  const left = columns - widths.reduce((sum, width) => sum + width + gap, 0);
  const nodes = nodeCells(candidates, left);
  const reasonWidth = Math.max(leastReason, left - longestOf(['node', ...nodes]) - gap);
  const isShared = sharedReason(candidates) !== undefined;
  const rows = candidates.map(({ decision }, i) => {
    const [verdict = '', memory = '', time = ''] = numbers[i] ?? [];
    const reason = isShared ? [] : [printableEnds(decision.reason, reasonWidth)];
    return [verdict, nodes[i] ?? '', memory, time, ...reason];
  });
  const [verdict = '', memory = '', time = ''] = head;
  return formatTable(
    [[verdict, 'nodes', memory, time, ...(isShared ? [] : ['reason'])], ...rows],
    ['left', 'left', 'right', 'right', 'left'],
  );
}

const head = ['verdict', 'memory', 'time'];
const gap = 2;
/** Enough to tell reasons apart; the details say the whole. */
const leastReason = 24;

/** All names of a candidate where they fit; otherwise its filter's alone, which tells it apart. */
function nodeCells(candidates: readonly Candidate[], width: number): readonly string[] {
  const whole = candidates.map(({ names }) => names.join(' → '));
  const room = Math.max(leastReason, width - leastReason - gap);
  if (longestOf(whole) <= room) return whole.map((names) => printable(names, room));
  return shortenNames(
    candidates.map(({ filter }) => filter),
    Math.max(leastReason, Math.floor(width / 2)),
  );
}

/** `1.6 MB → 516.2 kB`: as the graph is, and as it becomes; once where that shows no difference; empty if unknown. */
function compareMeasure({ ways }: DecisionReport, name: string): string {
  const chosen = ways.find(({ isChosen }) => isChosen);
  const measures = [...new Set([ways[0], chosen])].flatMap(
    (way) => way?.measures.find((measure) => measure.name === name) ?? [],
  );
  return [...new Set(measures.map(formatMeasure))].join(' → ');
}

function longestOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

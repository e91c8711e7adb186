/**
 * What cost models decided, for `whittle inspect --explain`: the verdicts counted, then each candidate
 * with its grounds and numbers.
 */

import type { DecisionReport, Inspection } from '@whittle/compiler';
import { formatCount, formatMeasure, formatTable, terminalColumns, wrapWords } from './format.js';
import { printable } from './printable.js';

export function decisionsText({ decisions }: Inspection): string {
  if (decisions.length === 0) return 'no cost model had anything to decide on';
  const counts = new Map<string, number>();
  for (const { choice } of decisions) counts.set(choice, (counts.get(choice) ?? 0) + 1);
  const verdicts = [...counts].map(([choice, count]) => `${choice} ${formatCount(count)}`);
  return [
    wrapWords(
      `${formatCount(decisions.length)} candidates: ${verdicts.join(', ')}`,
      terminalColumns,
    ),
    ...decisions.map(describeDecision),
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** A choice that repeats the whole candidate says it once: `fuse: depthwise → pointwise`. */
function describeDecision({
  candidate,
  nodes,
  choice,
  reason,
  numbers,
}: DecisionReport): readonly string[] {
  const verdict = choice.endsWith(candidate) ? choice.slice(0, -candidate.length) : choice;
  const names = nodes.map(({ name, output }) => printable(name === '' ? output : name));
  const shared = numbers.filter(({ name }) => !name.includes(separator)).map(describeMeasure);
  const details = [printable(reason, 500), names.join(' → '), shared.join(', ')]
    .filter((text) => text !== '')
    .flatMap((text) => wrapWords(text, terminalColumns - indent.length));
  return [
    `${verdict.trimEnd()}: ${candidate}`,
    ...[...details, ...compareWays(numbers)].map((line) => indent + line),
  ];
}

const indent = '  ';

/** In the name of a measure, between the way to compute a candidate and what it takes. */
const separator = ': ';

/** One line for each way that was weighed: `apart: time` and `apart: arena` stand side by side. */
function compareWays(numbers: DecisionReport['numbers']): string[] {
  const ways = new Map<string, string[]>();
  for (const measure of numbers) {
    const [way = '', name] = measure.name.split(separator);
    if (name === undefined) continue;
    ways.set(way, [...(ways.get(way) ?? []), describeMeasure({ ...measure, name })]);
  }
  if (ways.size === 0) return [];
  const rows = [...ways].map(([way, measures]) => [way, ...measures]);
  const cells = Math.max(...rows.map((row) => row.length));
  const filled = rows.map((row) => [...row, ...Array<string>(cells - row.length).fill('')]);
  return formatTable(filled, Array(cells).fill('left')).split('\n');
}

function describeMeasure(measure: DecisionReport['numbers'][number]): string {
  return `${printable(measure.name)} ${formatMeasure(measure)}`;
}

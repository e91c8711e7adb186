/**
 * What cost models decided, for `whittle inspect --explain`: a line for each candidate, in the order of
 * the nodes, then each with all of its grounds and numbers. The page of the command explains the words.
 */

import type { DecisionReport, Inspection } from '@whittle/compiler';
import { type Candidate, candidatesOf, sharedReason } from './candidates.js';
import { tabulateCandidates } from './candidates-table.js';
import { formatCount, formatMeasure, formatTable, terminalColumns, wrapWords } from './format.js';
import { printable } from './printable.js';

/** `columns` is what the lines may take: Infinity where nothing is to be cut. */
export function decisionsText(inspection: Inspection, columns: number): string {
  const candidates = candidatesOf(inspection);
  if (candidates.length === 0) return `no candidate: ${whyNone(inspection)}`;
  const reason = sharedReason(candidates);
  const head = [
    countVerdicts(candidates),
    ...idlePasses(inspection).map((id) => `the pass ${id} did not run`),
    ...(reason === undefined ? [] : [`all of them: ${printable(reason, longestReason)}`]),
  ].flatMap((line) => wrapWords(line, terminalColumns));
  return [
    head.join('\n'),
    tabulateCandidates(candidates, columns),
    ...candidates.map((candidate) => detail(candidate, reason).join('\n')),
  ].join('\n\n');
}

/** The passes that ask a cost model. */
const decidingPasses = ['fuse-separable-conv', 'split-group-conv'];

function idlePasses({ passes }: Inspection): string[] {
  return decidingPasses.filter((id) => passes.every((pass) => pass.pass !== id));
}

function whyNone(inspection: Inspection): string {
  if (inspection.convolutions.length === 0) return 'there is no convolution to fuse or to split';
  const idle = idlePasses(inspection);
  const nothingFits =
    'no depthwise convolution stands beside a pointwise one, and no convolution is grouped';
  return idle.length === 0 ? nothingFits : `${idle.join(' and ')} did not run`;
}

/** `17 candidates: fuse 13, keep 4` */
function countVerdicts(candidates: readonly Candidate[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of candidates) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const verdicts = [...counts].map(([verdict, count]) => `${verdict} ${formatCount(count)}`);
  const noun = candidates.length === 1 ? 'candidate' : 'candidates';
  return `${formatCount(candidates.length)} ${noun}: ${verdicts.join(', ')}`;
}

/** A reason that all candidates share has been said. */
function detail({ verdict, decision, names }: Candidate, shared: string | undefined): string[] {
  const { candidate, reason, measures, ways } = decision;
  const lines = [
    shared === undefined ? printable(reason, longestReason) : '',
    names.map((name) => printable(name)).join(' → '),
    measures.map(describeMeasure).join(', '),
  ]
    .filter((text) => text !== '')
    .flatMap((text) => wrapWords(text, terminalColumns - indent.length));
  return [
    `${verdict}: ${printable(candidate)}`,
    ...[...lines, ...compareWays(ways)].map((line) => indent + line),
  ];
}

const indent = '  ';
const longestReason = 500;

/** One line for each way that was weighed, with a star at the one that was chosen. */
function compareWays(ways: DecisionReport['ways']): string[] {
  if (ways.length === 0) return [];
  const names = [...new Set(ways.flatMap((way) => way.measures.map(({ name }) => name)))];
  const rows = ways.map(({ name, isChosen, measures }) => [
    `${isChosen ? '*' : ' '} ${printable(name)}`,
    ...names.map((each) =>
      measures
        .filter((measure) => measure.name === each)
        .map(formatMeasure)
        .join(),
    ),
  ]);
  const head = ['  way', ...names.map((name) => printable(name))];
  return formatTable([head, ...rows], ['left', ...names.map(() => 'right' as const)]).split('\n');
}

function describeMeasure(measure: DecisionReport['measures'][number]): string {
  return `${printable(measure.name)} ${formatMeasure(measure)}`;
}

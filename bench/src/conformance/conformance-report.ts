/** What a run over the published cases found out, as text. */

import type { Target } from '@whittle/compiler';

import type { CaseResult } from './run-case.js';

export function formatSummary(target: Target, results: readonly CaseResult[]): string {
  const passing = results.filter(({ passes }) => passes);
  const bound = passing.filter((result) => result.bound.length > 0).length;
  const note = bound === 0 ? '' : `, ${bound} of them with sizes bound when compiled`;
  return `${target}: ${passing.length} of ${results.length} cases pass${note}.`;
}

/** The summary, and a table of the cases that do not pass. */
export function targetBlock(target: Target, results: readonly CaseResult[]): string {
  const failing = results.filter(({ passes }) => !passes);
  const rows = failing.map(({ id, code = '', reason = '' }) => {
    const text = reason.replaceAll('|', '\\|').replaceAll('<', '&lt;');
    return `| \`${id}\` | \`${code}\` | ${text} |`;
  });
  return [
    formatSummary(target, results),
    '',
    '| case | code | reason |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

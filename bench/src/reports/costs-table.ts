/** Measured costs of a target beside those in its record, as the table that people read. */

import type { TargetCosts } from '@whittle/ir';

import type { CostMeasurement } from '../harness/measure-costs.js';
import { formatTable } from './format-table.js';

const units = {
  contraction: 'MACs/ns',
  depthwise: 'MACs/ns',
  memory: 'bytes/ns',
  launch: 'ns/step',
} as const satisfies Record<keyof TargetCosts, string>;

export function formatCosts(
  measured: readonly CostMeasurement[],
  record: TargetCosts,
  style: 'plain' | 'markdown',
): string {
  const head = ['constant', 'workload', 'unit', 'measured', 'p25 to p75', 'in the record'];
  const rows = measured.map(({ probe: { constant, workload }, value }) => [
    constant,
    workload,
    units[constant],
    value.median.toFixed(2),
    `${value.p25.toFixed(2)} to ${value.p75.toFixed(2)}`,
    String(record[constant]),
  ]);
  return formatTable({ head, rows }, style);
}

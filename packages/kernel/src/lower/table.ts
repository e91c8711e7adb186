/** The lowering rule of every op that can run, by name. */

import { convolutionRule } from './convolution.js';
import { elementwiseRules } from './elementwise.js';
import { gemmRule, matMulRule } from './matrix.js';
import { movementRules } from './movement.js';
import { poolingRules } from './pooling.js';
import { reductionRules } from './reduction.js';
import { reshapingRules } from './reshaping.js';
import type { LoweringRule } from './rule.js';
import { softmaxRules } from './softmax.js';

const tables: readonly Readonly<Record<string, LoweringRule>>[] = [
  { Conv: convolutionRule, Gemm: gemmRule, MatMul: matMulRule },
  elementwiseRules,
  reshapingRules,
  movementRules,
  reductionRules,
  poolingRules,
  softmaxRules,
];

const rules: ReadonlyMap<string, LoweringRule> = new Map(
  tables.flatMap((table) => Object.entries(table)),
);

/** Whether an op can be lowered at all. */
export function hasRule(op: string): boolean {
  return rules.has(op);
}

/** The rule of an op; an empty one for an op without, which the driver has refused before. */
export function ruleOf(op: string): LoweringRule {
  return rules.get(op) ?? {};
}

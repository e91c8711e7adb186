/** The lowering rule of every op that can run, by name. */

import { convolutionRule } from './convolution.js';
import { elementwiseRules } from './elementwise.js';
import { gemmRule, matMulRule } from './matrix.js';
import type { LoweringRule } from './rule.js';

const rules: ReadonlyMap<string, LoweringRule> = new Map(
  [elementwiseRules, { Conv: convolutionRule, Gemm: gemmRule, MatMul: matMulRule }].flatMap(
    (table) => Object.entries<LoweringRule>(table),
  ),
);

/** Whether an op can be lowered at all. */
export function hasRule(op: string): boolean {
  return rules.has(op);
}

/** The rule of an op; an empty one for an op without, which the driver has refused before. */
export function ruleOf(op: string): LoweringRule {
  return rules.get(op) ?? {};
}

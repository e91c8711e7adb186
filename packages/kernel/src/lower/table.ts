/** The lowering rule of every op that can run, by name. */

import { convolutionRule } from './convolution.js';
import { creationRules } from './creation.js';
import { elementwiseRules } from './elementwise.js';
import { gatherRules } from './gather.js';
import { gemmRule, matMulRule } from './matrix.js';
import { movementRules } from './movement.js';
import { normalizationRules } from './normalization.js';
import { padRule } from './pad.js';
import { poolingRules } from './pooling.js';
import { reductionRules } from './reduction.js';
import { reshapingRules } from './reshaping.js';
import { resizeRule } from './resize.js';
import type { LoweringRule } from './rule.js';
import { scatterRules } from './scatter.js';
import { selectionRules } from './selection.js';
import { separableConvolutionRule } from './separable-convolution.js';
import { softmaxRules } from './softmax.js';
import { spaceDepthRules } from './space-depth.js';
import { transposedConvolutionRule } from './transposed-convolution.js';

const tables: readonly Readonly<Record<string, LoweringRule>>[] = [
  { Conv: convolutionRule, SeparableConv: separableConvolutionRule },
  { ConvTranspose: transposedConvolutionRule },
  { Gemm: gemmRule, MatMul: matMulRule },
  elementwiseRules,
  reshapingRules,
  movementRules,
  reductionRules,
  poolingRules,
  softmaxRules,
  normalizationRules,
  gatherRules,
  scatterRules,
  creationRules,
  selectionRules,
  spaceDepthRules,
  { Pad: padRule, Resize: resizeRule },
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

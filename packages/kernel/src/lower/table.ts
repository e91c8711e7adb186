/** The lowering rule of every op that can run, by name. */

import type { ControlRule } from './control-context.js';
import { controlFlowRules } from './control-flow.js';
import { convolutionRule } from './convolution.js';
import { creationRules } from './creation.js';
import { determinantRule } from './determinant.js';
import { elementwiseRules } from './elementwise.js';
import { gatherRules } from './gather.js';
import { integerConvolutionRules } from './integer-convolution.js';
import { integerMatrixRules } from './integer-matrix.js';
import { gemmRule, matMulRule } from './matrix.js';
import { movementRules } from './movement.js';
import { nonMaxSuppressionRule } from './non-max-suppression.js';
import { nonZeroRule } from './non-zero.js';
import { normalizationRules } from './normalization.js';
import { padRule } from './pad.js';
import { poolingRules } from './pooling.js';
import { quantizationRules } from './quantization.js';
import { recurrenceRule } from './recurrent.js';
import { reductionRules } from './reduction.js';
import { reshapingRules } from './reshaping.js';
import { resizeRule } from './resize.js';
import { reverseSequenceRule } from './reverse-sequence.js';
import type { LoweringRule } from './rule.js';
import { scatterRules } from './scatter.js';
import { selectionRules } from './selection.js';
import { separableConvolutionRule } from './separable-convolution.js';
import { softmaxRules } from './softmax.js';
import { spaceDepthRules } from './space-depth.js';
import { transposedConvolutionRule } from './transposed-convolution.js';
import { uniqueRule } from './unique.js';
import { visionRules } from './vision.js';

const tables: readonly Readonly<Record<string, LoweringRule>>[] = [
  { Conv: convolutionRule, SeparableConv: separableConvolutionRule },
  { ConvTranspose: transposedConvolutionRule },
  { Gemm: gemmRule, MatMul: matMulRule, Det: determinantRule },
  elementwiseRules,
  quantizationRules,
  integerConvolutionRules,
  integerMatrixRules,
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
  visionRules,
  { NonZero: nonZeroRule, NonMaxSuppression: nonMaxSuppressionRule, Unique: uniqueRule },
  { Recurrence: recurrenceRule, ReverseSequence: reverseSequenceRule },
];

const rules: ReadonlyMap<string, LoweringRule> = new Map(
  tables.flatMap((table) => Object.entries(table)),
);

/** Whether an op can be lowered at all. */
export function hasRule(op: string): boolean {
  return rules.has(op) || controlRuleOf(op) !== undefined;
}

/** The rule of an op that runs the graphs inside it, which has no other. */
export function controlRuleOf(op: string): ControlRule | undefined {
  return Object.hasOwn(controlFlowRules, op) ? controlFlowRules[op] : undefined;
}

/** The rule of an op; an empty one for an op without, which the driver has refused before. */
export function ruleOf(op: string): LoweringRule {
  return rules.get(op) ?? {};
}

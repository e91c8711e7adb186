/**
 * Recognises activations that a model spells out, so that they can join the op before them.
 *
 *     %a = Add(%x, %three)
 *     %b = Clip(%a, %zero, %six)
 *     %c = Mul(%x, %b)
 *     %y = Div(%c, %six)
 *   →
 *     %y = HardSwish(%x)
 *
 * A rule fires only where the constants are those of the activation to the last bit of their dtype,
 * and where nothing else reads the pieces.
 */

import { type Pass, rewriteGraph } from '@whittle/ir';
import { clampRules } from './rules/clamps.js';
import { gatedActivations } from './rules/gated-activations.js';
import { geluRules } from './rules/gelu.js';
import { hardSigmoidRules } from './rules/hard-sigmoid.js';
import { rectifierRules } from './rules/rectifiers.js';
import { softGateRules } from './rules/soft-gates.js';

const rules = [
  ...clampRules,
  ...rectifierRules,
  ...softGateRules,
  ...hardSigmoidRules,
  ...gatedActivations,
  ...geluRules,
];

export const recomposeActivations: Pass = {
  id: 'recompose-activations',
  summary: 'Recognises hard-swish, SiLU, GELU and other activations that are spelled out.',
  run: (graph) => rewriteGraph(graph, rules),
};

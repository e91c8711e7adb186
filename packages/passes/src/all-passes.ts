/**
 * The table of passes, in the order of the alphabet. It feeds `whittle passes`, the options that
 * name passes, and the docs; a pass that is not here does not exist for users.
 */

import { CompilerError, type Pass } from '@whittle/ir';
import { decomposeBatchNormalization } from './decompose-batch-normalization.js';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.js';
import { eliminateDeadCode } from './eliminate-dead-code.js';
import { foldAffine } from './fold-affine.js';
import { foldBatchNormalization } from './fold-batch-normalization.js';
import { foldConstants } from './fold-constants.js';
import { foldControlFlow } from './fold-control-flow.js';
import { foldPad } from './fold-pad.js';
import { fuseActivation } from './fuse-activation.js';
import { fuseResidual } from './fuse-residual.js';
import { fuseSeparableConv } from './fuse-separable-conv.js';
import { materializeShapes } from './materialize-shapes.js';
import { recomposeActivations } from './recompose-activations.js';
import { removeIdentities } from './remove-identities.js';
import { resolveAutoPad } from './resolve-auto-pad.js';

export const allPasses: readonly Pass[] = [
  decomposeBatchNormalization,
  eliminateCommonSubexpressions,
  eliminateDeadCode,
  foldAffine,
  foldBatchNormalization,
  foldConstants,
  foldControlFlow,
  foldPad,
  fuseActivation,
  fuseResidual,
  fuseSeparableConv,
  materializeShapes,
  recomposeActivations,
  removeIdentities,
  resolveAutoPad,
];

/** @throws {CompilerError} `E_INVALID_OPTION` for an id that no pass has. */
export function findPass(id: string): Pass {
  const pass = allPasses.find((candidate) => candidate.id === id);
  if (pass !== undefined) return pass;
  throw new CompilerError('E_INVALID_OPTION', `There is no pass "${id}".`, {
    hint: `The passes are ${allPasses.map((candidate) => candidate.id).join(', ')}.`,
  });
}

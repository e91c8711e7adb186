/**
 * The table of passes, in the order of the alphabet. It feeds `whittle passes`, the options that
 * name passes, and the docs; a pass that is not here does not exist for users.
 */

import { CompilerError, type Pass } from '@whittle/ir';
import { decomposeBatchNormalization } from './decompose-batch-normalization.js';
import { decomposeComposites } from './decompose-composites.js';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.js';
import { eliminateDeadCode } from './eliminate-dead-code.js';
import { flattenControlFlow } from './flatten-control-flow.js';
import { foldAffine } from './fold-affine.js';
import { foldBatchNormalization } from './fold-batch-normalization.js';
import { foldChannelShuffle } from './fold-channel-shuffle.js';
import { foldConstants } from './fold-constants.js';
import { foldControlFlow } from './fold-control-flow.js';
import { foldPad } from './fold-pad.js';
import { foldSequences } from './fold-sequences.js';
import { fuseActivation } from './fuse-activation.js';
import { fuseQuantized } from './fuse-quantized.js';
import { fuseResidual } from './fuse-residual.js';
import { fuseSeparableConv } from './fuse-separable-conv.js';
import { materializeShapes } from './materialize-shapes.js';
import { pointwiseConvToGemm } from './pointwise-conv-to-gemm.js';
import { recomposeActivations } from './recompose-activations.js';
import { recomposeLayerNormalization } from './recompose-layer-normalization.js';
import { recomposePointwiseConv } from './recompose-pointwise-conv.js';
import { recomposeSplit } from './recompose-split.js';
import { removeIdentities } from './remove-identities.js';
import { resolveAutoPad } from './resolve-auto-pad.js';
import { splitGroupConv } from './split-group-conv.js';

export const allPasses: readonly Pass[] = [
  decomposeBatchNormalization,
  decomposeComposites,
  eliminateCommonSubexpressions,
  eliminateDeadCode,
  flattenControlFlow,
  foldAffine,
  foldBatchNormalization,
  foldChannelShuffle,
  foldConstants,
  foldControlFlow,
  foldPad,
  foldSequences,
  fuseActivation,
  fuseQuantized,
  fuseResidual,
  fuseSeparableConv,
  materializeShapes,
  pointwiseConvToGemm,
  recomposeActivations,
  recomposeLayerNormalization,
  recomposePointwiseConv,
  recomposeSplit,
  removeIdentities,
  resolveAutoPad,
  splitGroupConv,
];

/** @throws {CompilerError} `E_INVALID_OPTION` for an id that no pass has. */
export function findPass(id: string): Pass {
  const pass = allPasses.find((candidate) => candidate.id === id);
  if (pass !== undefined) return pass;
  throw new CompilerError('E_INVALID_OPTION', `There is no pass "${id}".`, {
    hint: `The passes are ${allPasses.map((candidate) => candidate.id).join(', ')}.`,
  });
}

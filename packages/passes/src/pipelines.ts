/**
 * The pipelines, each a list that is read from top to bottom. The comment beside a pass is the
 * invariant that holds after it. Every model runs the same through each of them: O0 is what lowering
 * needs, and the rest makes programs smaller and faster.
 */

import type { Pass } from '@whittle/ir';
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

export type OptimizationLevel = 0 | 1 | 2;

/** What lowering needs. It comes again after shapes have been folded, when more of them are known. */
const legalize: readonly Pass[] = [
  materializeShapes, // Shapes, axes and sizes that follow from the types are constants.
  foldControlFlow, // No If has a condition that is known, and no short Loop turns that are.
  foldSequences, // No tensor is in a sequence from which it can be taken.
  materializeShapes, // Those of tensors that came out of sequences, too.
  decomposeComposites, // No op is there that others spell.
  flattenControlFlow, // On a grid nothing branches, where it can do without.
  resolveAutoPad, // Pads are numbers: auto_pad and output_shape are gone.
];

/** Before constants are folded, which makes floats of weights. May round differently. */
const integers: readonly Pass[] = [
  fuseQuantized, // Where integers can be multiplied, no weights are dequantised.
];

/** What makes a graph smaller and never changes a bit of a result. */
const simplify: readonly Pass[] = [
  foldConstants, // No node within the budget depends on constants only.
  removeIdentities, // No node gives back its input.
  recomposeSplit, // No slices take apart all of a tensor.
  foldChannelShuffle, // No shuffle follows where what it shuffles is joined.
  eliminateCommonSubexpressions, // No two nodes compute the same.
  eliminateDeadCode, // An output depends on each node.
];

/** What merges nodes into convolutions and products, and may round differently. */
const fuse: readonly Pass[] = [
  recomposeActivations, // An activation is one node.
  foldPad, // Zero padding before a convolution is the convolution's own.
  foldBatchNormalization, // No normalisation follows a convolution with constant weights.
  decomposeBatchNormalization, // There is no batch normalisation at all.
  recomposeLayerNormalization, // A layer normalisation is one node, what follows by channel included.
  recomposePointwiseConv, // No image is multiplied channels-last and turned afterwards.
  foldAffine, // A convolution is followed by no product or sum by channel.
  fuseResidual, // A convolution adds the residual that only it adds to.
  fuseActivation, // A convolution applies the activation that only it feeds.
];

/** What depends on the target. */
const schedule: readonly Pass[] = [
  splitGroupConv, // Where it pays, each group is a convolution of its own.
  foldChannelShuffle, // No shuffle follows where those groups are joined.
  pointwiseConvToGemm, // Where products are faster, no image goes through two pointwise convolutions.
  fuseSeparableConv, // Where it pays, no tensor lies between a depthwise and a pointwise convolution.
];

export const pipelines: Readonly<Record<OptimizationLevel, readonly Pass[]>> = {
  0: [...legalize, decomposeBatchNormalization, eliminateDeadCode],
  1: [...legalize, decomposeBatchNormalization, ...simplify, ...legalize],
  2: [...legalize, ...integers, ...simplify, ...legalize, ...fuse, ...simplify, ...schedule],
};

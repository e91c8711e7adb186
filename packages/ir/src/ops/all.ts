import type { OpRecord } from '../op-record.js';
import { attentionOps } from './attention.js';
import { binaryOps } from './binary.js';
import { concatSplitOps } from './concat-split.js';
import { controlFlowOps } from './control-flow.js';
import { convolutionOps } from './convolution.js';
import { countedOps } from './counted.js';
import { creationOps } from './creation.js';
import { deformableOps } from './deformable.js';
import { einsumOps } from './einsum.js';
import { elementwiseOps } from './elementwise.js';
import { indexingOps } from './indexing.js';
import { lossOps } from './losses.js';
import { matrixOps } from './matrix.js';
import { movementOps } from './movement.js';
import { normalizationOps } from './normalization.js';
import { poolingOps } from './pooling.js';
import { quantizationOps } from './quantization.js';
import { randomOps } from './random.js';
import { recurrentOps } from './recurrent.js';
import { reductionOps } from './reduction.js';
import { reshapingOps } from './reshaping.js';
import { resizeOps } from './resize.js';
import { selectionOps } from './selection.js';
import { separableConvolutionOps } from './separable-convolution.js';
import { sequenceOps } from './sequences.js';
import { signalOps } from './signal.js';
import { sliceOps } from './slice.js';
import { textOps } from './text.js';
import { unaryOps } from './unary.js';
import { visionOps } from './vision.js';

/** Every op record, in the order of the tables. */
export const allOps: readonly OpRecord[] = [
  ...unaryOps,
  ...binaryOps,
  ...elementwiseOps,
  ...convolutionOps,
  ...separableConvolutionOps,
  ...poolingOps,
  ...matrixOps,
  ...einsumOps,
  ...quantizationOps,
  ...normalizationOps,
  ...reductionOps,
  ...reshapingOps,
  ...movementOps,
  ...concatSplitOps,
  ...sliceOps,
  ...indexingOps,
  ...selectionOps,
  ...countedOps,
  ...creationOps,
  ...resizeOps,
  ...visionOps,
  ...deformableOps,
  ...attentionOps,
  ...lossOps,
  ...sequenceOps,
  ...controlFlowOps,
  ...randomOps,
  ...textOps,
  ...recurrentOps,
  ...signalOps,
];

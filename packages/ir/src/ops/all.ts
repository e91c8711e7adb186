import type { OpRecord } from '../op-record.js';
import { binaryOps } from './binary.js';
import { concatSplitOps } from './concat-split.js';
import { convolutionOps } from './convolution.js';
import { creationOps } from './creation.js';
import { einsumOps } from './einsum.js';
import { elementwiseOps } from './elementwise.js';
import { indexingOps } from './indexing.js';
import { matrixOps } from './matrix.js';
import { movementOps } from './movement.js';
import { normalizationOps } from './normalization.js';
import { poolingOps } from './pooling.js';
import { reductionOps } from './reduction.js';
import { reshapingOps } from './reshaping.js';
import { resizeOps } from './resize.js';
import { selectionOps } from './selection.js';
import { separableConvolutionOps } from './separable-convolution.js';
import { sliceOps } from './slice.js';
import { unaryOps } from './unary.js';

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
  ...normalizationOps,
  ...reductionOps,
  ...reshapingOps,
  ...movementOps,
  ...concatSplitOps,
  ...sliceOps,
  ...indexingOps,
  ...selectionOps,
  ...creationOps,
  ...resizeOps,
];

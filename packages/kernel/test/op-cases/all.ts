/** All cases of single ops, by family: what every target has to pass. */

import { contractionCases } from './contraction.js';
import { edgeCases } from './edges.js';
import { elementTypeCases } from './element-types.js';
import { elementwiseCases } from './elementwise.js';
import { indexingCases } from './indexing.js';
import { movementCases } from './movement.js';
import { normalizationCases } from './normalization.js';
import type { OpCase } from './op-case.js';
import { poolingCases } from './pooling.js';
import { reductionCases } from './reductions.js';
import { resizeCases } from './resize.js';
import { separableConvolutionCases } from './separable-convolution.js';
import { transposedConvolutionCases } from './transposed-convolution.js';
import { winogradCases } from './winograd.js';

export const opCases: Readonly<Record<string, readonly OpCase[]>> = {
  contraction: contractionCases,
  edges: edgeCases,
  elementwise: elementwiseCases,
  'element types': elementTypeCases,
  movement: movementCases,
  indexing: indexingCases,
  reductions: reductionCases,
  pooling: poolingCases,
  normalization: normalizationCases,
  resize: resizeCases,
  'separable convolution': separableConvolutionCases,
  'transposed convolution': transposedConvolutionCases,
  winograd: winogradCases,
};

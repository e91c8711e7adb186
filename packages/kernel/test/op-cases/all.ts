/** All cases of single ops, by family: what every target has to pass. */

import { attentionCases } from './attention.js';
import { contractionCases } from './contraction.js';
import { controlFlowCases } from './control-flow.js';
import { countedCases } from './counted.js';
import { edgeCases } from './edges.js';
import { einsumCases } from './einsum.js';
import { elementTypeCases } from './element-types.js';
import { elementwiseCases } from './elementwise.js';
import { indexingCases } from './indexing.js';
import { lossCases } from './losses.js';
import { movementCases } from './movement.js';
import { normalizationCases } from './normalization.js';
import type { OpCase } from './op-case.js';
import { poolingCases } from './pooling.js';
import { quantizationCases } from './quantization.js';
import { recurrentCases } from './recurrent.js';
import { reductionCases } from './reductions.js';
import { resizeCases } from './resize.js';
import { separableConvolutionCases } from './separable-convolution.js';
import { signalCases } from './signal.js';
import { textCases } from './text.js';
import { transposedConvolutionCases } from './transposed-convolution.js';
import { visionCases } from './vision.js';
import { winogradCases } from './winograd.js';

export const opCases: Readonly<Record<string, readonly OpCase[]>> = {
  contraction: contractionCases,
  edges: edgeCases,
  elementwise: elementwiseCases,
  'element types': elementTypeCases,
  counted: countedCases,
  movement: movementCases,
  indexing: indexingCases,
  quantization: quantizationCases,
  reductions: reductionCases,
  pooling: poolingCases,
  normalization: normalizationCases,
  resize: resizeCases,
  'separable convolution': separableConvolutionCases,
  'transposed convolution': transposedConvolutionCases,
  attention: attentionCases,
  losses: lossCases,
  text: textCases,
  recurrent: recurrentCases,
  signal: signalCases,
  winograd: winogradCases,
  einsum: einsumCases,
  vision: visionCases,
  'control flow': controlFlowCases,
};

/** All cases of opsets 18 to 23. */

import { controlFlowCases } from './control-flow.js';
import { elementTypeCases } from './element-types.js';
import { elementwiseCases } from './elementwise.js';
import { imageCases } from './images.js';
import { movementCases } from './movement.js';
import { networkCases } from './networks.js';
import type { OpsetCase } from './opset-case.js';
import { quantizedCases } from './quantized.js';
import { reductionCases } from './reductions.js';
import { stringAndChanceCases } from './strings-and-chance.js';

export const opsetCases: readonly OpsetCase[] = [
  ...reductionCases,
  ...elementwiseCases,
  ...elementTypeCases,
  ...movementCases,
  ...imageCases,
  ...networkCases,
  ...quantizedCases,
  ...controlFlowCases,
  ...stringAndChanceCases,
];

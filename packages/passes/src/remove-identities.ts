/**
 * Removes nodes that change nothing, and joins views of views.
 *
 *     %a = Transpose(%x) {perm = [0, 2, 3, 1]}
 *     %b = Transpose(%a) {perm = [0, 3, 1, 2]}
 *     %c = Mul(%b, %one)
 *     %y = Relu(%c)
 *   →
 *     %y = Relu(%x)
 *
 * Only what is exact is removed: x + 0 is not, since −0 + 0 is +0, but x − 0 and x + (−0) are.
 */

import { type Pass, rewriteGraph } from '@whittle/ir';
import { arithmeticIdentities } from './rules/arithmetic-identities.js';
import { movementIdentities } from './rules/movement-identities.js';
import { viewIdentities } from './rules/view-identities.js';

const rules = [...viewIdentities, ...movementIdentities, ...arithmeticIdentities];

export const removeIdentities: Pass = {
  id: 'remove-identities',
  summary: 'Removes nodes that change nothing, and joins reshapes and transposes in a row.',
  run: (graph) => rewriteGraph(graph, rules),
};

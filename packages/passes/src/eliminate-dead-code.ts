/**
 * Drops nodes that no output depends on.
 *
 *     %unused = Relu(%x)
 *     %y = Sigmoid(%x)
 *     output "y" = %y
 *   →
 *     %y = Sigmoid(%x)
 *     output "y" = %y
 */

import { type Pass, removeDeadNodes } from '@whittle/ir';

export const eliminateDeadCode: Pass = {
  id: 'eliminate-dead-code',
  summary: 'Drops nodes that no output depends on.',
  run: removeDeadNodes,
};

/** Runs the rows of the upgrade table over one node. */

import type { ImportedNode, UpgradeContext } from './upgrade.js';
import { upgradeTable } from './upgrade-table.js';

/**
 * The node in its newest form, or undefined where the rules have defined its outputs themselves. A
 * rule that changes the op gives the newest form of the other op, so the rest of the rows is void.
 */
export function upgradeNode(
  node: ImportedNode,
  opset: number,
  context: UpgradeContext,
): ImportedNode | undefined {
  let current: ImportedNode | undefined = node;
  for (const { below, upgrade } of upgradeTable.get(node.op) ?? []) {
    if (opset >= below) continue;
    current = upgrade(current, context);
    if (current?.op !== node.op) return current;
  }
  return current;
}

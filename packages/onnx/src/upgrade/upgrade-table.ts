/** Every upgrade rule, by op. */

import type { UpgradeRow } from './upgrade.js';

export const upgradeTable: ReadonlyMap<string, readonly UpgradeRow[]> = new Map();

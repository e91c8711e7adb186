/** Every upgrade rule, by op; the families are told apart by what changed. */

import { attributesToInputs } from './attributes-to-inputs.js';
import { contributed } from './contributed.js';
import { legacyBroadcast } from './legacy-broadcast.js';
import { normalizations } from './normalization.js';
import { quantizedContributed } from './quantized-contributed.js';
import { resizing } from './resize.js';
import { respelled } from './respelled.js';
import { softmaxFamily } from './softmax.js';
import { training } from './training.js';
import type { UpgradeRow } from './upgrade.js';

/** The rows of an op are in rising order of `below`, and no op is in two families. */
export const upgradeTable: ReadonlyMap<string, readonly UpgradeRow[]> = new Map([
  ...attributesToInputs,
  ...legacyBroadcast,
  ...softmaxFamily,
  ...resizing,
  ...normalizations,
  ...respelled,
  ...contributed,
  ...quantizedContributed,
  ...training,
]);

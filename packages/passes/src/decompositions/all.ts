/** All composites, by family. */

import type { RewriteRule } from '@whittle/ir';

export const composites: readonly RewriteRule[] = [];

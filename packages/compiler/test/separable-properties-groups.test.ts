/** Grouped convolutions, shuffled or not, and depthwise ones that no pointwise one follows. */

import { showSeparableProperties } from './support/separable-properties.js';

showSeparableProperties('groups');

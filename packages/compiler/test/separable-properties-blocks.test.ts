/** Expand → depthwise → project, as in MobileNetV2 and its kin. */

import { showSeparableProperties } from './support/separable-properties.js';

showSeparableProperties('block');

/** Depthwise → pointwise, as in MobileNetV1. */

import { showSeparableProperties } from './support/separable-properties.js';

showSeparableProperties('pair');

/** The rules of ops that sample images, or put them together. */

import { affineGridRule } from './affine-grid.js';
import { col2ImRule } from './col2im.js';
import { gridSampleRule } from './grid-sample.js';
import { maxRoiPoolRule } from './max-roi-pool.js';
import { roiAlignRule } from './roi-align.js';
import type { LoweringRule } from './rule.js';

export const visionRules: Readonly<Record<string, LoweringRule>> = {
  AffineGrid: affineGridRule,
  Col2Im: col2ImRule,
  GridSample: gridSampleRule,
  MaxRoiPool: maxRoiPoolRule,
  RoiAlign: roiAlignRule,
};

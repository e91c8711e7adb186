/** Placeholder for the table of elementwise ops. */
import type { LoweringRule } from './rule.js';
export const elementwiseRules: Readonly<Record<string, LoweringRule>> = {};

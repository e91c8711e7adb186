/** Bounds on a value, however they are written, as one Clip. */

import {
  any,
  constant,
  type DType,
  isFloat,
  type Match,
  type NodePattern,
  node,
  op,
  type RewriteRule,
  type Rewriter,
  type Value,
} from '@whittle/ir';
import { type Bounds, clipBounds, scalarTensor, uniformValue } from '../shared/constants.js';
import { inEitherOrder } from './either-order.js';
import { keepsType } from './identity-rule.js';

const x = any('x');
const a = constant('a');
const b = constant('b');

export const clampRules: readonly RewriteRule[] = [
  ...inEitherOrder('Max', x, a).flatMap((lowered) =>
    inEitherOrder('Min', lowered, b).map((pattern) =>
      clampRule('min(max(x, a), b) → clip(x, a, b)', pattern, (match) => ordered(match)),
    ),
  ),
  ...inEitherOrder('Min', x, b).flatMap((raised) =>
    inEitherOrder('Max', raised, a).map((pattern) =>
      clampRule('max(min(x, b), a) → clip(x, a, b), where a ≤ b', pattern, (match) =>
        ordered(match),
      ),
    ),
  ),
  ...inEitherOrder('Min', op('Relu', x), b).map((pattern) =>
    clampRule('min(relu(x), b) → clip(x, 0, b), where b ≥ 0', pattern, (match) => {
      const high = uniformValue(match.value('b'));
      return high !== undefined && high >= 0 ? { low: 0, high } : undefined;
    }),
  ),
  clampRule(
    'relu(clip(x, a, b)) → clip(x, max(a, 0), max(b, 0))',
    op('Relu', node('inner', 'Clip', x)),
    (match) => {
      const bounds = clipBounds(match.node('inner'));
      return bounds && { low: Math.max(bounds.low, 0), high: Math.max(bounds.high, 0) };
    },
  ),
  clampRule(
    'clip(relu(x), a, b) → clip(x, max(a, 0), b)',
    op('Clip', op('Relu', x)),
    ({ root }) => {
      const bounds = clipBounds(root);
      return bounds && { low: Math.max(bounds.low, 0), high: bounds.high };
    },
  ),
  clampRule(
    'clip(clip(x, a, b), c, d) → clip(x, a clipped, b clipped)',
    op('Clip', node('inner', 'Clip', x)),
    (match) => {
      const inner = clipBounds(match.node('inner'));
      const outer = clipBounds(match.root);
      if (!inner || !outer) return undefined;
      const limit = (bound: number) => Math.min(Math.max(bound, outer.low), outer.high);
      return { low: limit(inner.low), high: limit(inner.high) };
    },
  ),
];

function clampRule(
  algebra: string,
  pattern: NodePattern,
  boundsOf: (match: Match) => Bounds | undefined,
): RewriteRule {
  return {
    algebra,
    pattern,
    guard: keepsType,
    build: (match, rewriter) => {
      const bounds = boundsOf(match);
      return bounds && clip(match.value('x'), bounds, rewriter);
    },
  };
}

function ordered(match: Match): Bounds | undefined {
  const low = uniformValue(match.value('a'));
  const high = uniformValue(match.value('b'));
  return low !== undefined && high !== undefined && low <= high ? { low, high } : undefined;
}

/** A bound that holds for every x is left out. */
function clip(x: Value, { low, high }: Bounds, rewriter: Rewriter): Value | undefined {
  const dtype = x.type?.dtype;
  if (dtype === undefined || !isBoundOf(dtype, low) || !isBoundOf(dtype, high)) return undefined;
  return rewriter.op('Clip', [
    x,
    low === -Infinity ? undefined : rewriter.constant(scalarTensor(dtype, low)),
    high === Infinity ? undefined : rewriter.constant(scalarTensor(dtype, high)),
  ]);
}

/** Whether a bound is a number that the dtype holds; 64-bit integers past 2^53 have been rounded. */
function isBoundOf(dtype: DType, bound: number): boolean {
  if (Number.isNaN(bound)) return false;
  return isFloat(dtype) || !Number.isFinite(bound) || Number.isSafeInteger(bound);
}

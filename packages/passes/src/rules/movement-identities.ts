/** Slices, pads, joins and repetitions that leave their input as it is. */

import { any, integersOf, op, type RewriteRule, type Value } from '@whittle/ir';
import { identityRule } from './identity-rule.js';

const x = any('x');

export const movementIdentities: readonly RewriteRule[] = [
  identityRule('expand(x) to its own dims → x', op('Expand', x)),
  identityRule('tile(x) once → x', op('Tile', x)),
  identityRule('concat(x) → x', op('Concat', x), ({ root }) => root.inputs.length === 1),
  identityRule(
    'split(x) into one part → x',
    op('Split', x),
    ({ root }) => root.outputs.length === 1,
  ),
  identityRule('pad(x) by nothing → x', op('Pad', x), ({ root }) =>
    allOf(root.inputs[1], (pad) => pad === 0),
  ),
  // Going forward and keeping the size, a slice can only start at 0 and skip nothing.
  identityRule('slice of all of x → x', op('Slice', x), ({ root }) => {
    const steps = root.inputs[4];
    return steps === undefined || allOf(steps, (step) => step > 0);
  }),
];

function allOf(value: Value | undefined, holds: (element: number) => boolean): boolean {
  return integersOf(value)?.every(holds) === true;
}

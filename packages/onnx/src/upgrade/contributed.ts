/**
 * Ops of the `com.microsoft` domain that are spelled in ONNX by now, or that a few ops spell.
 *
 * Source: `ContribOperators.md` of onnxruntime.
 */

import { requiredInput, scalarLike, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const always = Number.POSITIVE_INFINITY;

export const contributed: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ['com.microsoft::Gelu', [{ below: always, upgrade: gelu('none') }]],
  ['com.microsoft::BiasGelu', [{ below: always, upgrade: gelu('none') }]],
  ['com.microsoft::FastGelu', [{ below: always, upgrade: gelu('tanh') }]],
  ['com.microsoft::QuickGelu', [{ below: always, upgrade: quickGelu }]],
];

/** Gelu of the input, after a bias where there is a second one. */
function gelu(approximate: string): Upgrade {
  return (node, context) => ({
    ...node,
    op: 'Gelu',
    inputs: [biased(node, context)],
    attributes: { approximate: { kind: 'string', value: approximate } },
  });
}

function biased(node: ImportedNode, context: UpgradeContext) {
  const x = requiredInput(node, 0);
  const bias = node.inputs[1];
  return bias === undefined ? x : context.emit('Add', [x, bias]);
}

/** `x * sigmoid(alpha * x)` */
function quickGelu(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  const alpha = scalarLike(written(node, 'alpha', 'float') ?? 1.702, x, context);
  const gate = context.emit('Sigmoid', [context.emit('Mul', [x, alpha])]);
  return { ...node, op: 'Mul', inputs: [x, gate], attributes: {} };
}

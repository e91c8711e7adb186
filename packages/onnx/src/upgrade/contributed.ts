/**
 * Ops of the `com.microsoft` domain that are spelled in ONNX by now, or that a few ops spell.
 *
 * Source: `ContribOperators.md` of onnxruntime.
 */

import { int64Tensor } from '@whittle/ir';
import { contributedAttention } from './contributed-attention.js';
import { contributedNormalizations } from './contributed-normalization.js';
import { contributedProducts } from './contributed-products.js';
import { requiredInput, respell, scalarLike, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const always = Number.POSITIVE_INFINITY;

export const contributed: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ['com.microsoft::Gelu', [{ below: always, upgrade: gelu('none') }]],
  ['com.microsoft::BiasGelu', [{ below: always, upgrade: gelu('none') }]],
  ['com.microsoft::FastGelu', [{ below: always, upgrade: gelu('tanh') }]],
  ['com.microsoft::QuickGelu', [{ below: always, upgrade: swish(1.702) }]],
  ['com.microsoft::BiasSplitGelu', [{ below: always, upgrade: splitGelu }]],
  ['com.microsoft::Trilu', [{ below: always, upgrade: sameAs('Trilu') }]],
  ['com.microsoft::GatherND', [{ below: always, upgrade: sameAs('GatherND') }]],
  ['com.microsoft::Pad', [{ below: always, upgrade: pad }]],
  // Of opset 24, which is read as 23.
  ['Swish', [{ below: always, upgrade: swish(1) }]],
  ...contributedProducts,
  ...contributedNormalizations,
  ...contributedAttention,
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
function swish(usualAlpha: number): Upgrade {
  return (node, context) => {
    const x = requiredInput(node, 0);
    const alpha = written(node, 'alpha', 'float') ?? usualAlpha;
    const scaled = alpha === 1 ? x : context.emit('Mul', [x, scalarLike(alpha, x, context)]);
    return respell(node, 'Mul', [x, context.emit('Sigmoid', [scaled])]);
  };
}

/** The first half of `x + bias`, times Gelu of the second. */
function splitGelu(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const halves = context.emitAll(2, 'Split', [biased(node, context)], { axis: -1, num_outputs: 2 });
  const [values, gates] = halves;
  return respell(node, 'Mul', [values, gates && context.emit('Gelu', [gates])]);
}

function sameAs(op: string): Upgrade {
  return (node) => respell(node, op, node.inputs, node.attributes);
}

/** The pads may lie in a matrix of one row. */
function pad(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [x, pads, value] = node.inputs;
  const flat = context.constant(int64Tensor([-1]));
  const list = pads?.type?.dims.length === 2 ? context.emit('Reshape', [pads, flat]) : pads;
  return respell(node, 'Pad', [x, list, value], node.attributes);
}

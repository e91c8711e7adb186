/**
 * Convolutions and matrix products of the `com.microsoft` domain, which onnxruntime fuses with what is around
 * them, taken apart again.
 */

import { activationParameters, type Value } from '@whittle/ir';
import { requiredInput, respell, scalarLike, without, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const below = Number.POSITIVE_INFINITY;

export const contributedProducts: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ['com.microsoft::FusedConv', [{ below, upgrade: fusedConv }]],
  ['com.microsoft::FusedGemm', [{ below, upgrade: fusedGemm }]],
  ['com.microsoft::FusedMatMul', [{ below, upgrade: fusedMatMul }]],
  ['com.microsoft::TransposeMatMul', [{ below, upgrade: fusedMatMul }]],
];

/** `activation(conv(x, w, b) + z)` */
function fusedConv(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const [x, w, b, z] = node.inputs;
  const bare = without(node, 'activation', 'activation_params');
  const conv = respell(node, 'Conv', [x, w, b], bare.attributes);
  const sum = z ? respell(node, 'Add', [emitNode(conv, context), z]) : conv;
  return activated(node, sum, written(node, 'activation_params', 'floats') ?? [], context);
}

/** `activation(alpha · A B + beta · C)` */
function fusedGemm(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const names = ['activation_alpha', 'activation_beta', 'activation_gamma'];
  const bare = without(node, 'activation', ...names);
  const parameters = names.flatMap((name) => written(node, name, 'float') ?? []);
  return activated(node, respell(node, 'Gemm', node.inputs, bare.attributes), parameters, context);
}

/** `alpha · A B`, each of them turned over first where it says so. */
function fusedMatMul(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const operands = ['A', 'B'].map((name, i) => {
    const operand = requiredInput(node, i);
    if (written(node, `transBatch${name}`, 'int')) throw context.unsupported('turns batches over');
    return written(node, `trans${name}`, 'int') ? turned(operand, context) : operand;
  });
  const alpha = written(node, 'alpha', 'float') ?? 1;
  const product = respell(node, 'MatMul', operands);
  if (alpha === 1) return product;
  const value = emitNode(product, context);
  return respell(node, 'Mul', [value, scalarLike(alpha, value, context)]);
}

/** Its last two axes swapped; a vector stays as it is. */
function turned(value: Value, context: UpgradeContext): Value {
  const rank = value.type?.dims.length;
  if (rank === undefined) throw context.unsupported('has an operand of unknown rank');
  if (rank < 2) return value;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return context.emit('Transpose', [value], {
    perm: [...axes.slice(0, -2), rank - 1, rank - 2],
  });
}

/** What `last` gives, after the activation that `node` names, if any. */
function activated(
  node: ImportedNode,
  last: ImportedNode,
  parameters: readonly number[],
  context: UpgradeContext,
): ImportedNode {
  const activation = written(node, 'activation', 'string') ?? '';
  if (activation === '') return last;
  const names = activationParameters.get(activation);
  if (names === undefined) throw context.unsupported(`has the activation ${activation}`);
  const value = emitNode(last, context);
  if (activation === 'Clip') {
    const bounds = parameters.map((bound) => scalarLike(bound, value, context));
    return respell(node, 'Clip', [value, ...bounds]);
  }
  const given = names.flatMap((name, i) => {
    const parameter = parameters[i];
    return parameter === undefined ? [] : [[name, parameter] as const];
  });
  return respell(node, activation, [value], Object.fromEntries(given));
}

function emitNode({ op, inputs, attributes }: ImportedNode, context: UpgradeContext): Value {
  return context.emit(op, inputs, attributes);
}

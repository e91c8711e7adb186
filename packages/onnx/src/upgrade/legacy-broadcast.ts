/**
 * Broadcasting before opset 7. Two operands had to be of one shape, unless `broadcast` was set: then
 * the second stretched to the first, aligned at the right, or from `axis` on.
 *
 * Source: "Broadcasting in ONNX" of the specification, and the changelog of opset 7.
 */

import { CompilerError, int64Tensor, type Value } from '@whittle/ir';
import { requiredInput, withInput, without, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

const operators = [
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'And',
  'Or',
  'Xor',
  'Equal',
  'Greater',
  'Less',
];

export const legacyBroadcast: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  ...operators.map((op): [string, UpgradeRow[]] => [op, [{ below: 7, upgrade: alignOperand }]]),
  ['PRelu', [{ below: 7, upgrade: alignSlope }]],
];

function alignOperand(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const axis = written(node, 'axis', 'int');
  const bare = without(node, 'broadcast', 'axis', 'consumed_inputs');
  if (axis === undefined || (written(node, 'broadcast', 'int') ?? 0) === 0) return bare;
  const [a, b] = [requiredInput(node, 0), requiredInput(node, 1)];
  if (a.type === undefined || b.type === undefined) {
    throw context.unsupported('aligns an operand of unknown rank to an axis');
  }
  const rank = a.type.dims.length;
  const after = rank - (axis < 0 ? axis + rank : axis) - b.type.dims.length;
  if (after < 0 || after > rank) throw invalidAxis(node, axis);
  return withInput(bare, 1, appendAxes(b, after, context));
}

/** A slope of one axis is one per channel, axis 1 of X. */
function alignSlope(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const bare = without(node, 'consumed_inputs');
  const [x, slope] = [requiredInput(node, 0), requiredInput(node, 1)];
  if (slope.type?.dims.length !== 1 || slope.type.dims[0] === 1) return bare;
  if (x.type === undefined) throw context.unsupported('has an input of unknown rank');
  return withInput(bare, 1, appendAxes(slope, x.type.dims.length - 2, context));
}

function appendAxes(value: Value, count: number, context: UpgradeContext): Value {
  if (count <= 0) return value;
  const rank = value.type?.dims.length ?? 0;
  const axes = Array.from({ length: count }, (_, i) => rank + i);
  return context.emit('Unsqueeze', [value, context.constant(int64Tensor(axes))]);
}

function invalidAxis(node: ImportedNode, axis: number): CompilerError {
  return new CompilerError(
    'E_INVALID_MODEL',
    `${node.op} aligns its second operand to axis ${axis}, where it does not fit.`,
    { where: { node: node.name, op: node.op } },
  );
}

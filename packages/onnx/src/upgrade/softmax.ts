/**
 * Softmax, LogSoftmax and Hardmax before opset 13: the input is flattened to two axes at `axis`
 * (default 1), and the op runs over all of the second. Where that comes to one axis anyway, because
 * it is the last or those behind it are of size 1, the newest form does it directly.
 */

import { allBound, int64Tensor, type Value } from '@whittle/ir';
import { requiredInput, withAttribute, written } from './node-edits.js';
import type { ImportedNode, Upgrade, UpgradeContext, UpgradeRow } from './upgrade.js';

export const softmaxFamily: readonly (readonly [string, readonly UpgradeRow[]])[] = [
  'Softmax',
  'LogSoftmax',
  'Hardmax',
].map((op): [string, UpgradeRow[]] => [op, [{ below: 13, upgrade: uncoerce }]]);

function uncoerce(...[node, context]: Parameters<Upgrade>): ReturnType<Upgrade> {
  const x = requiredInput(node, 0);
  const axis = written(node, 'axis', 'int') ?? 1;
  if (x.type !== undefined) {
    const at = axis < 0 ? axis + x.type.dims.length : axis;
    if (x.type.dims.slice(at + 1).every((dim) => dim === 1) && at < x.type.dims.length) {
      return withAttribute(node, 'axis', { kind: 'int', value: axis });
    }
  }
  return throughTwoAxes(node, x, axis, context);
}

function throughTwoAxes(
  node: ImportedNode,
  x: Value,
  axis: number,
  context: UpgradeContext,
): ImportedNode {
  const flat = context.emit('Flatten', [x], { axis: { kind: 'int', value: axis } });
  const result = context.emit(node.op, [flat], { axis: { kind: 'int', value: 1 } });
  const shape =
    x.type !== undefined && allBound(x.type.dims)
      ? context.constant(int64Tensor(x.type.dims))
      : context.emit('Shape', [x]);
  return { ...node, op: 'Reshape', inputs: [result, shape], attributes: {} };
}

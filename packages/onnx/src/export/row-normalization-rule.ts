/**
 * Layer normalisation of the rows of a matrix, with no factor of its own, for opsets that have no op
 * for it: as an instance normalisation of one sample, whose channels are the rows. Engines do that
 * in one step, and where the rows are reshaped anyway it takes no more of those than one.
 */

import {
  allBound,
  any,
  constant,
  elementCount,
  int64Tensor,
  integersOf,
  type Match,
  node,
  op,
  type RewriteRule,
  type Rewriter,
  requiredAttribute,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { isOnes } from './layer-normalization-parts.js';

export const rowNormalizationRule: RewriteRule = {
  algebra: 'reshape(layer_norm(x; 1)) → reshape(instance_norm(rows of x; 1, 0))',
  pattern: op(
    'Reshape',
    node('norm', 'LayerNormalization', any('x'), constant('scale')),
    constant('shape'),
  ),
  guard: (match) => isOfBareRows(match),
  build,
};

function isOfBareRows(match: Match): boolean {
  const norm = match.node('norm');
  const axis = requiredAttribute(norm, 'axis', 'int');
  const { type } = match.value('x');
  const isAlongLast = axis === -1 || axis === (type?.dims.length ?? 0) - 1;
  const isBare = isOnes(match.value('scale')) && norm.inputs[2] === undefined;
  const isAlone = norm.outputs.slice(1).every((output) => output === undefined);
  const isInFloat32 = requiredAttribute(norm, 'stash_type', 'int') === 1;
  // A 0 takes a size of what is reshaped, which has other axes then.
  const isPlainShape = integersOf(match.value('shape'))?.includes(0) === false;
  const isInOrder = isAlongLast && isBare && isAlone && isInFloat32 && isPlainShape;
  return type?.dtype === 'float32' && isInOrder;
}

function build(match: Match, rewriter: Rewriter): Value | undefined {
  const x = match.value('x');
  const dims = x.type?.dims ?? [];
  if (!allBound(dims) || elementCount(dims) === 0) return undefined;
  const columns = dims.at(-1) ?? 1;
  const rows = elementCount(dims.slice(0, -1));
  const shape = rewriter.constant(int64Tensor([1, rows, columns]), 'shape');
  const vector = (value: number, name: string) =>
    rewriter.constant(tensorOf('float32', [rows], Array<number>(rows).fill(value)), name);
  const epsilon = requiredAttribute(match.node('norm'), 'epsilon', 'float');
  const normal = rewriter.op(
    'InstanceNormalization',
    [rewriter.op('Reshape', [x, shape]), vector(1, 'ones'), vector(0, 'zeros')],
    { epsilon },
  );
  return rewriter.op('Reshape', [normal, match.value('shape')], match.root.attributes);
}

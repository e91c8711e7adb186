/** Views that show their input as it is, and views of views. */

import {
  any,
  type Dim,
  int64Tensor,
  isBound,
  type Node,
  node,
  op,
  optionalAttribute,
  type RewriteRule,
  type Rewriter,
  shared,
  typesEqual,
  type Value,
} from '@whittle/ir';
import { uniformValue } from '../shared/constants.js';
import { identityRule } from './identity-rule.js';

const x = any('x');
/** Ops that give the same elements in the same order under other dims. */
const reshapes = ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'];

export const viewIdentities: readonly RewriteRule[] = [
  {
    algebra: 'identity(x) → x',
    pattern: op('Identity', x),
    build: (match) => match.value('x'),
  },
  {
    algebra: 'dropout(x) → x, at inference',
    pattern: op('Dropout', x),
    guard: ({ root }, context) => {
      const [, mask] = root.outputs;
      const [, , trains] = root.inputs;
      const drops = trains !== undefined && uniformValue(trains) !== 0;
      return !drops && (mask === undefined || context.useCount(mask) === 0);
    },
    build: (match) => match.value('x'),
  },
  identityRule('reshape(x) to its own dims → x', op(reshapes, x)),
  {
    algebra: 'reshape(x, computed dims) → reshape(x, constant dims), where all but one are known',
    pattern: op('Reshape', x, any('shape')),
    guard: (match) => match.value('shape').constant === undefined,
    build: (match, rewriter) => reshapeTo(match.root.outputs[0], match.value('x'), rewriter),
  },
  {
    algebra: 'reshape(reshape(x)) → reshape(x)',
    pattern: op(reshapes, shared(op(reshapes, x))),
    build: (match, rewriter) => reshapeTo(match.root.outputs[0], match.value('x'), rewriter),
  },
  identityRule(
    'transpose(x; identity) → x',
    op('Transpose', x),
    ({ root }) => permOf(root)?.every((axis, i) => axis === i) === true,
  ),
  {
    algebra: 'transpose(transpose(x; p); q) → transpose(x; p∘q)',
    pattern: op('Transpose', shared(node('inner', 'Transpose', x))),
    build: (match, rewriter) => {
      const outer = permOf(match.root);
      const inner = permOf(match.node('inner'));
      if (!outer || !inner) return undefined;
      const perm = outer.map((axis) => inner[axis] ?? 0);
      return rewriter.op('Transpose', [match.value('x')], { perm });
    },
  },
];

/** One reshape of `x` to the dims of `result`, where a constant shape can say them. */
function reshapeTo(result: Value | undefined, x: Value, rewriter: Rewriter): Value | undefined {
  const shape = shapeFor(result?.type?.dims ?? []);
  if (result === undefined || shape === undefined) return undefined;
  const reshaped = rewriter.op('Reshape', [
    x,
    rewriter.constant(int64Tensor(shape), `${result.name}_shape`),
  ]);
  // The -1 of a symbolic dim must come out as that very dim.
  return typesEqual(reshaped.type, result.type) ? reshaped : undefined;
}

/** A shape operand takes a 0 for "as before" and works out one dim by itself. */
function shapeFor(dims: readonly Dim[]): readonly number[] | undefined {
  const shape = dims.map((dim) => (isBound(dim) ? dim : -1));
  const unknown = shape.filter((dim) => dim === -1).length;
  return unknown > 1 || shape.includes(0) ? undefined : shape;
}

function permOf(transpose: Node): readonly number[] | undefined {
  const rank = transpose.inputs[0]?.type?.dims.length;
  if (rank === undefined) return undefined;
  const reversed = Array.from({ length: rank }, (_, i) => rank - 1 - i);
  return optionalAttribute(transpose, 'perm', 'ints') ?? reversed;
}

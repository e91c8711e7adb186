/**
 * Rotary embedding: a pair of elements (a, b) at a position becomes (a cos − b sin, a sin + b cos). The pairs
 * are the two halves of a head, or neighbours where it is `interleaved`.
 */

import { type Node, type Rewriter, requiredAttribute, type Value } from '@whittle/ir';
import { type Steps, stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const rotaryEmbedding = [
  decomposition(
    'RotaryEmbedding',
    'rotary((a, b), cos, sin) → (a · cos − b · sin, a · sin + b · cos)',
    ({ root }, rewriter) => turn(root, rewriter),
  ),
];

function turn(root: Node, rewriter: Rewriter): Value | undefined {
  const [x, cosines, sines, positions] = root.inputs;
  const heads = requiredAttribute(root, 'num_heads', 'int');
  const [, , hidden] = x?.type?.dims ?? [];
  const isFlat = x?.type?.dims.length === 3;
  const size = isFlat ? Number(hidden) / heads : Number(x?.type?.dims[3]);
  if (!x || !cosines || !sines || !Number.isInteger(size)) return undefined;
  const steps = stepsOf(rewriter);
  // [batch, length, heads, size] where it came flat, [batch, heads, length, size] otherwise.
  const image = isFlat ? steps.reshape(x, [0, 0, heads, size]) : x;
  const angle = (cache: Value): Value => {
    const rows = positions ? rewriter.op('Gather', [cache, positions], { axis: 0 }) : cache;
    return rewriter.op('Unsqueeze', [rows, steps.ints([isFlat ? 2 : 1])]);
  };
  const [cos, sin] = [angle(cosines), angle(sines)];
  const turned = requiredAttribute(root, 'rotary_embedding_dim', 'int') || size;
  const pairs = requiredAttribute(root, 'interleaved', 'int') === 0 ? halves : neighbours;
  const [a, b] = pairs.take(steps, image, turned);
  const [aCos, bSin] = [steps.apply('Mul', [a, cos]), steps.apply('Mul', [b, sin])];
  const [aSin, bCos] = [steps.apply('Mul', [a, sin]), steps.apply('Mul', [b, cos])];
  const real = steps.apply('Sub', [aCos, bSin]);
  const imaginary = steps.apply('Add', [aSin, bCos]);
  const joined = pairs.join(rewriter, steps, real, imaginary, turned);
  const whole =
    turned === size
      ? joined
      : rewriter.op('Concat', [joined, steps.slice(image, 3, turned, size)], { axis: 3 });
  return isFlat ? steps.reshape(whole, [0, 0, heads * size]) : whole;
}

/** Where the two elements of a pair lie in the last axis, of which the first `turned` indices take part. */
interface Pairs {
  take(steps: Steps, x: Value, turned: number): readonly [Value, Value];
  join(rewriter: Rewriter, steps: Steps, a: Value, b: Value, turned: number): Value;
}

const halves: Pairs = {
  take: (steps, x, turned) => [
    steps.slice(x, 3, 0, turned / 2),
    steps.slice(x, 3, turned / 2, turned),
  ],
  join: (rewriter, _, a, b) => rewriter.op('Concat', [a, b], { axis: 3 }),
};

const neighbours: Pairs = {
  take: (steps, x, turned) => [steps.slice(x, 3, 0, turned, 2), steps.slice(x, 3, 1, turned, 2)],
  join: (rewriter, steps, a, b, turned) => {
    const axis = steps.ints([4]);
    const columns = [a, b].map((part) => rewriter.op('Unsqueeze', [part, axis]));
    return steps.reshape(rewriter.op('Concat', columns, { axis: 4 }), [0, 0, 0, turned]);
  },
};

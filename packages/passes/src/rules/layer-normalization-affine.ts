/** Factors, summands and casts around a layer normalisation that it can do itself. */

import {
  absent,
  allBound,
  any,
  constant,
  dimsEqual,
  type Match,
  type Node,
  node,
  op,
  optionalAttribute,
  type Replacement,
  type RewriteRule,
  type Rewriter,
  requiredAttribute,
  type Value,
} from '@whittle/ir';
import { uniformValue } from '../shared/constants.js';
import { doublesOf, floatsOf, roundedTensor } from '../shared/floats.js';
import { alongNormalized, channelVector, onesOf } from '../shared/layer-normalization.js';

const x = any('x');
const scale = any('scale');
const shift = constant('shift');
const c = any('c');
const bare = node('norm', 'LayerNormalization', x, scale, absent);
const shifted = node('norm', 'LayerNormalization', x, scale, shift);

export const layerNormalizationAffineRules: readonly RewriteRule[] = [
  {
    algebra: 'layer_norm(x; γ) · c → layer_norm(x; γ · c)',
    pattern: op('Mul', bare, c),
    guard: keepsDims,
    build: (match, rewriter) => withOperands(match, rewriter, [times(match, 'scale', rewriter)]),
  },
  {
    algebra: 'layer_norm(x; γ, β) · c → layer_norm(x; γ · c, β · c)',
    pattern: op('Mul', shifted, c),
    guard: keepsDims,
    build: (match, rewriter) =>
      withOperands(match, rewriter, [
        times(match, 'scale', rewriter),
        times(match, 'shift', rewriter),
      ]),
  },
  {
    algebra: 'layer_norm(x; γ) + c → layer_norm(x; γ, c)',
    pattern: op('Add', bare, c),
    guard: keepsDims,
    build: (match, rewriter) =>
      withOperands(match, rewriter, [match.value('scale'), along(match, rewriter)]),
  },
  {
    algebra: 'layer_norm(x; γ, β) + c → layer_norm(x; γ, β + c)',
    pattern: op('Add', shifted, c),
    guard: keepsDims,
    build: (match, rewriter) => {
      const beta = joined(
        match.value('shift'),
        0,
        along(match, rewriter),
        (a, b) => a + b,
        rewriter,
      );
      return withOperands(match, rewriter, [match.value('scale'), beta]);
    },
  },
  {
    algebra: 'turn(layer_norm(x)) ∘ c → turn(layer_norm(x) ∘ c), for products and sums by channel',
    pattern: op(['Mul', 'Add'], node('turn', 'Transpose', node('norm', 'LayerNormalization')), c),
    guard: (match) => turnsLastAxisToChannels(match.node('turn')),
    build: (match, rewriter) => {
      const [result] = match.node('norm').outputs;
      const rank = result?.type?.dims.length ?? 0;
      const channels = channelVector(match.value('c'), rank, rewriter);
      if (channels === undefined || channels.type?.dims[0] !== result?.type?.dims.at(-1)) {
        return undefined;
      }
      const joined = rewriter.op(match.root.op, [result, channels]);
      return rewriter.op('Transpose', [joined], match.node('turn').attributes);
    },
  },
  {
    algebra: 'narrow(layer_norm(wide(x); 1)) → layer_norm(x; 1), which computes in f32 anyway',
    pattern: op('Cast', node('norm', 'LayerNormalization', op('Cast', x), scale, absent)),
    guard: (match) => {
      const dtype = match.value('x').type?.dtype;
      const is16Bit = dtype === 'float16' || dtype === 'bfloat16';
      return is16Bit && dtype === match.root.outputs[0]?.type?.dtype && computesInFloat32(match);
    },
    build: (match, rewriter) => {
      const dims = normalizedDims(match);
      const dtype = match.value('x').type?.dtype;
      if (dims === undefined || dtype === undefined) return undefined;
      if (uniformValue(match.value('scale')) !== 1) return undefined;
      return withOperands(match, rewriter, [onesOf(dtype, dims, rewriter)]);
    },
  },
];

/** The normalisation with other operands beside x; undefined where one of them is not to be had. */
function withOperands(
  match: Match,
  rewriter: Rewriter,
  operands: readonly (Value | undefined)[],
): Replacement | undefined {
  if (operands.includes(undefined)) return undefined;
  const { attributes, name } = match.node('norm');
  return rewriter.op('LayerNormalization', [match.value('x'), ...operands], attributes, { name });
}

function times(match: Match, operand: string, rewriter: Rewriter): Value | undefined {
  return joined(match.value(operand), 1, along(match, rewriter), (a, b) => a * b, rewriter);
}

/** The capture `c` with the dims of the normalised axes. */
function along(match: Match, rewriter: Rewriter): Value | undefined {
  const dims = normalizedDims(match);
  return dims && alongNormalized(match.value('c'), dims, rewriter);
}

function normalizedDims(match: Match): readonly number[] | undefined {
  const dims = match.value('x').type?.dims;
  const axis = requiredAttribute(match.node('norm'), 'axis', 'int');
  const normalized = dims?.slice(axis);
  return normalized && allBound(normalized) ? normalized : undefined;
}

/** The result must not be broadcast to more than it is. */
function keepsDims(match: Match): boolean {
  const [norm, root] = [match.node('norm').outputs[0]?.type, match.root.outputs[0]?.type];
  return norm !== undefined && root !== undefined && dimsEqual(norm.dims, root.dims);
}

function turnsLastAxisToChannels(transpose: Node): boolean {
  const rank = transpose.inputs[0]?.type?.dims.length ?? 0;
  return rank >= 3 && optionalAttribute(transpose, 'perm', 'ints')?.[1] === rank - 1;
}

/** `b` where `a` changes nothing, or what comes of both where they are constants of the same dims. */
function joined(
  a: Value,
  neutral: number,
  b: Value | undefined,
  join: (a: number, b: number) => number,
  rewriter: Rewriter,
): Value | undefined {
  if (b === undefined || uniformValue(a) === neutral) return b;
  const floats = floatsOf(a.constant);
  const [left, right] = [doublesOf(a.constant), doublesOf(b.constant)];
  if (!floats || !left || !right || left.length !== right.length) return undefined;
  const values = left.map((value, i) => join(value, right[i] ?? 0));
  return rewriter.constant(roundedTensor(floats, b.constant?.dims ?? [], values), a.name);
}

/** `stash_type` is the dtype of mean and variance. */
function computesInFloat32(match: Match): boolean {
  return requiredAttribute(match.node('norm'), 'stash_type', 'int') === 1;
}

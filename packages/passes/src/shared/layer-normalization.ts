/** What a layer normalisation that is written in parts says, and its operands as the op takes them. */

import {
  allBound,
  type DType,
  dimsEqual,
  elementCount,
  integersOf,
  type Match,
  type Node,
  type RewriteContext,
  type Rewriter,
  requiredAttribute,
  type Tensor,
  type Value,
} from '@whittle/ir';
import { scalarTensor, scalarValue } from './constants.js';

export interface Normalization {
  readonly epsilon: number;
  /** The sizes of the axes that are normalised together. */
  readonly dims: readonly number[];
  /** Whether that is the second axis of an image, [N, C, …], and not the last ones. */
  readonly isOverChannels: boolean;
}

/**
 * How often each captured value is read by the pattern itself, apart from by the square: one that
 * something else reads as well would be computed twice.
 */
export type Reads = Readonly<Record<string, number>>;

/**
 * The normalisation that the captures `x`, `mean`, `variance`, `squared` and `epsilon` make up;
 * undefined where they are none: they run over neither the last axes nor channels, or over different
 * axes, ε is not a number that an attribute holds, or a size is not known.
 */
export function normalizationOf(match: Match): Normalization | undefined {
  const dims = match.value('x').type?.dims ?? [];
  const axes = reducedAxes(match.node('mean'));
  const others = reducedAxes(match.node('variance'));
  const epsilon = scalarValue(match.value('epsilon'));
  if (axes === undefined || others === undefined || !dimsEqual(axes, others)) return undefined;
  if (epsilon === undefined || !isPositiveFloat32(epsilon)) return undefined;
  const sizes = axes.map((axis) => dims[axis] ?? 1);
  if (!allBound(sizes)) return undefined;
  const first = dims.length - axes.length;
  const isLast = axes.every((axis, i) => axis === first + i);
  if (isLast) return { epsilon, dims: sizes, isOverChannels: false };
  return axes.length === 1 && axes[0] === 1
    ? { epsilon, dims: sizes, isOverChannels: true }
    : undefined;
}

export function isReadHereOnly(match: Match, reads: Reads, context: RewriteContext): boolean {
  const squared = match.node('squared').inputs;
  return Object.entries(reads).every(([capture, count]) => {
    const [value] = match.node(capture).outputs;
    if (value === undefined) return false;
    const ofSquare = squared.filter((input) => input === value).length;
    return context.useCount(value) === count + ofSquare;
  });
}

function isPositiveFloat32(epsilon: number): boolean {
  return epsilon >= 0 && Math.fround(epsilon) === epsilon;
}

/** The axes that a reduction runs over and leaves at 1, in order, at least one. */
function reducedAxes(reduction: Node): readonly number[] | undefined {
  const rank = reduction.inputs[0]?.type?.dims.length;
  if (rank === undefined || requiredAttribute(reduction, 'keepdims', 'int') === 0) return undefined;
  const axes = integersOf(reduction.inputs[1]);
  if (axes === undefined || axes.length === 0) return undefined;
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

/** A factor of 1 for each normalised element, which the op asks for. */
export function onesOf(dtype: DType, dims: readonly number[], rewriter: Rewriter): Value {
  return rewriter.constant(filled(scalarTensor(dtype, 1), dims), 'ones');
}

/**
 * A factor or summand with exactly the dims of the normalised axes, which is how engines want it;
 * undefined where it takes more than other dims for the same elements, or one element repeated.
 */
export function alongNormalized(
  value: Value,
  dims: readonly number[],
  rewriter: Rewriter,
): Value | undefined {
  const given = value.type?.dims;
  if (given === undefined || dimsEqual(given, dims)) return given && value;
  const tensor = value.constant;
  if (tensor === undefined || tensor.dtype === 'string') return undefined;
  if (elementCount(tensor.dims) === 1) return rewriter.constant(filled(tensor, dims), value.name);
  const leading = given.findIndex((dim) => dim !== 1);
  return dimsEqual(given.slice(leading), dims)
    ? rewriter.constant({ ...tensor, dims }, value.name)
    : undefined;
}

/** A constant that holds one number for each channel of [N, C, …], rank `rank`, as [C]. */
export function channelVector(value: Value, rank: number, rewriter: Rewriter): Value | undefined {
  const tensor = value.constant;
  if (tensor === undefined) return undefined;
  const missing = rank - tensor.dims.length;
  const channels = tensor.dims[1 - missing];
  const isByChannel = tensor.dims.every((size, axis) => size === 1 || axis + missing === 1);
  if (missing < 0 || channels === undefined || !isByChannel) return undefined;
  return rewriter.constant({ ...tensor, dims: [channels] }, value.name);
}

/** The one element of a tensor, repeated. */
function filled({ dtype, bytes }: Tensor, dims: readonly number[]): Tensor {
  const size = bytes.byteLength;
  const repeated = new Uint8Array(size * elementCount(dims));
  for (let at = 0; at < repeated.length; at += size) repeated.set(bytes, at);
  return { dtype, dims, bytes: repeated };
}

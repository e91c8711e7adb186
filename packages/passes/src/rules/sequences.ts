/** What makes a sequence of another, or of a tensor: each becomes the one `SequenceConstruct`. */

import {
  type Dim,
  integersOf,
  isBound,
  type Match,
  type NodePattern,
  node,
  op,
  optionalAttribute,
  type RewriteRule,
  type Rewriter,
  shared,
  type Value,
} from '@whittle/ir';
import { instantiateRegion } from '../shared/instantiate-region.js';
import { type Steps, stepsOf } from '../shared/steps.js';

/** A sequence whose tensors are known, under the name `sequence`. Others may read it as well. */
export const sequence: NodePattern = shared(node('sequence', 'SequenceConstruct'));

/** More tensors than this stay a sequence, and more nodes are not written out. */
const maxTensors = 4096;
const maxNodes = 1 << 16;

export const sequences: readonly RewriteRule[] = [
  {
    algebra: 'empty() → ()',
    pattern: op('SequenceEmpty'),
    build: (_, rewriter) => sequenceOf(rewriter, []),
  },
  {
    algebra: 'identity((…)) → (…)',
    pattern: op('Identity', sequence),
    build: ({ root }) => root.inputs[0],
  },
  {
    algebra: 'insert((a, b), c, 1) → (a, c, b)',
    pattern: op('SequenceInsert', sequence),
    build: (match, rewriter) => {
      const tensors = tensorsOf(match);
      const [, added, position] = match.root.inputs;
      const at = position ? placeOf(position, tensors.length, tensors.length) : tensors.length;
      if (at === undefined || added === undefined) return undefined;
      return sequenceOf(rewriter, tensors.toSpliced(at, 0, added));
    },
  },
  {
    algebra: 'erase((a, b), 1) → (a)',
    pattern: op('SequenceErase', sequence),
    build: (match, rewriter) => {
      const tensors = tensorsOf(match);
      const [, position] = match.root.inputs;
      const last = tensors.length - 1;
      const at = position ? placeOf(position, tensors.length, last) : last;
      return at === undefined ? undefined : sequenceOf(rewriter, tensors.toSpliced(at, 1));
    },
  },
  {
    algebra: 'split_to_sequence(x) → (split(x))',
    pattern: op('SplitToSequence'),
    build: splitToSequence,
  },
  {
    algebra: 'map((a, b), f) → (f(a), f(b))',
    pattern: op('SequenceMap', sequence),
    build: mapped,
  },
];

export function tensorsOf(match: Match): readonly Value[] {
  return match.node('sequence').inputs.filter((input) => input !== undefined);
}

/** A known position in [0, last], counted from the end of `count` tensors where it is negative. */
export function placeOf(position: Value, count: number, last: number): number | undefined {
  const [written, ...more] = integersOf(position) ?? [];
  if (written === undefined || more.length > 0) return undefined;
  const at = written < 0 ? written + count : written;
  return at >= 0 && at <= last ? at : undefined;
}

function sequenceOf(rewriter: Rewriter, tensors: readonly Value[]): Value | undefined {
  return tensors.length > maxTensors ? undefined : rewriter.op('SequenceConstruct', tensors);
}

/** Without `split`, parts of one index, whose axis goes where `keepdims` is 0. */
function splitToSequence({ root }: Match, rewriter: Rewriter): Value | undefined {
  const [x, split] = root.inputs;
  const rank = x?.type?.dims.length;
  if (x === undefined || rank === undefined) return undefined;
  const axis = optionalAttribute(root, 'axis', 'int') ?? 0;
  const size = x.type?.dims[axis < 0 ? axis + rank : axis];
  const steps = stepsOf(rewriter);
  const lengths = split?.type?.dims.length === 1 ? split : equalParts(size, split, steps);
  const [count] = lengths?.type?.dims ?? [];
  if (!lengths || count === undefined || !isBound(count) || count > maxTensors) return undefined;
  if (count === 0) return sequenceOf(rewriter, []);
  const outputs = Array.from({ length: count }, () => 'part');
  const parts = rewriter.node('Split', [x, lengths], { axis }, { outputs }).outputs;
  const keepsAxis = split !== undefined || optionalAttribute(root, 'keepdims', 'int') !== 0;
  return sequenceOf(
    rewriter,
    parts.flatMap((part) => {
      if (part === undefined) return [];
      return [keepsAxis ? part : rewriter.op('Squeeze', [part, steps.ints([axis])])];
    }),
  );
}

/** The lengths of parts of `step` indices each, without it of one, the last of what is left. */
function equalParts(
  size: Dim | undefined,
  step: Value | undefined,
  steps: Steps,
): Value | undefined {
  const [length = 0] = step === undefined ? [1] : (integersOf(step) ?? []);
  if (size === undefined || !isBound(size) || length < 1) return undefined;
  const count = Math.ceil(size / length);
  if (count > maxTensors) return undefined;
  const lengths = Array.from({ length: count }, (_, i) => Math.min(length, size - i * length));
  return steps.ints(lengths);
}

/** The body once for each tensor. What is not a sequence among the inputs is the same for all. */
function mapped(match: Match, rewriter: Rewriter): readonly (Value | undefined)[] | undefined {
  const { body } = match.root.regions;
  const count = tensorsOf(match).length;
  const rows = match.root.inputs.map((input) => {
    const producer = input && rewriter.producerOf(input);
    if (producer?.op === 'SequenceConstruct') return producer.inputs;
    return input?.type && Array.from({ length: count }, () => input);
  });
  if (body === undefined || count * body.nodes.length > maxNodes) return undefined;
  if (rows.some((row) => row?.length !== count)) return undefined;
  const results: (readonly Value[])[] = [];
  for (let i = 0; i < count; i++) {
    const outputs = instantiateRegion(
      rewriter,
      body,
      rows.map((row) => row?.[i]),
    );
    results.push(outputs);
  }
  return match.root.outputs.map((output, k) => {
    const tensors = results.flatMap((outputs) => outputs[k] ?? []);
    return output && sequenceOf(rewriter, tensors);
  });
}

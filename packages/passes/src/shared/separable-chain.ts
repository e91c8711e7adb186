/**
 * Finding what may become one separable convolution: a depthwise convolution with the pointwise one
 * after it, the pointwise one before it that expands its input, or both.
 */

import {
  convKind,
  type Node,
  optionalAttribute,
  type RewriteContext,
  traitsOf,
  type Value,
} from '@whittle/ir';

export interface SeparableChain {
  readonly depthwise: Node;
  /** The pointwise convolution that its result reaches; absent where only the expansion matters. */
  readonly pointwise: Node | undefined;
  /** The pointwise convolution that only the depthwise one reads, where there is one. */
  readonly expand: Node | undefined;
  /** Why depthwise and pointwise cannot be one op, as a clause; absent where they can. */
  readonly obstacle?: string;
}

/** The chain that ends at a pointwise convolution; undefined where it ends none. */
export function chainEndingAt(node: Node, context: RewriteContext): SeparableChain | undefined {
  const [input] = node.inputs;
  if (convKind(node) !== 'pointwise' || input === undefined) return undefined;
  const found = depthwiseBefore(input, context);
  if (found === undefined) return undefined;
  const { depthwise, between } = found;
  const expand = expansionOf(depthwise, context);
  const chain = { depthwise, pointwise: node, expand };
  const obstacle = obstacleIn(depthwise, node, between, context);
  return obstacle === undefined ? chain : { ...chain, obstacle };
}

/** An expansion and the depthwise convolution that a node is, whatever comes after them. */
export function expansionEndingAt(node: Node, context: RewriteContext): SeparableChain | undefined {
  if (convKind(node) !== 'depthwise') return undefined;
  const expand = expansionOf(node, context);
  return expand && hasPads(node) ? { depthwise: node, pointwise: undefined, expand } : undefined;
}

/** More elementwise ops than squeeze-and-excite has between a filter and the projection. */
const maxBetween = 4;

/** The nearest depthwise convolution that a value comes from by elementwise ops alone. */
function depthwiseBefore(
  value: Value,
  context: RewriteContext,
): { readonly depthwise: Node; readonly between: readonly Node[] } | undefined {
  let reached: { readonly node: Node; readonly between: readonly Node[] }[] = [];
  const producer = context.producerOf(value);
  if (producer !== undefined) reached = [{ node: producer, between: [] }];
  for (let depth = 0; depth <= maxBetween && reached.length > 0; depth++) {
    const hit = reached.find(({ node }) => convKind(node) === 'depthwise');
    if (hit !== undefined) return { depthwise: hit.node, between: hit.between };
    reached = reached.flatMap(({ node, between }) =>
      traitsOf(node.op).fusion !== 'elementwise'
        ? []
        : node.inputs.flatMap((input) => {
            const before = input && context.producerOf(input);
            return before ? [{ node: before, between: [node, ...between] }] : [];
          }),
    );
  }
  return undefined;
}

function expansionOf(depthwise: Node, context: RewriteContext): Node | undefined {
  const [input] = depthwise.inputs;
  const expand = input && context.producerOf(input);
  if (input === undefined || expand === undefined) return undefined;
  if (convKind(expand) !== 'pointwise') return undefined;
  const isPrivate = context.useCount(input) === 1 && !context.isOutput(input);
  return isPrivate && seesOnePixel(expand) && !hasResidual(expand) ? expand : undefined;
}

function obstacleIn(
  depthwise: Node,
  pointwise: Node,
  between: readonly Node[],
  context: RewriteContext,
): string | undefined {
  const [filtered] = depthwise.outputs;
  if (filtered === undefined || context.isOutput(filtered)) {
    return 'the depthwise result is an output of the graph';
  }
  if (context.useCount(filtered) > 1) {
    return isWeighedByItself(filtered, between, context)
      ? 'squeeze-and-excite: the weights of the channels come from all of the depthwise result'
      : 'something else reads the depthwise result, too';
  }
  if (between.length > 0) {
    const ops = between.map(({ op }) => op).join(' and ');
    return `${ops} ${between.length === 1 ? 'lies' : 'lie'} between`;
  }
  if (hasResidual(depthwise)) return 'a residual is added between';
  if (!hasPads(depthwise)) return 'the padding of the depthwise convolution has no numbers';
  return seesOnePixel(pointwise) ? undefined : 'the pointwise convolution skips or pads pixels';
}

/** More ops than squeeze-and-excite has between the mean of a channel and its weight. */
const maxSqueeze = 12;

/** Whether what meets a value between the convolutions comes from a reduction of that value. */
function isWeighedByItself(
  value: Value,
  between: readonly Node[],
  context: RewriteContext,
): boolean {
  let reached: readonly (Value | undefined)[] = between.flatMap((node) => node.inputs);
  for (let step = 0; step < maxSqueeze && reached.length > 0; step++) {
    const producers = new Set(
      reached.flatMap((input) => (input && context.producerOf(input)) ?? []),
    );
    for (const producer of producers) {
      const reduces = traitsOf(producer.op).fusion === 'reduction';
      if (reduces && producer.inputs[0] === value) return true;
    }
    reached = [...producers].flatMap((producer) =>
      producer.outputs[0] === value ? [] : producer.inputs,
    );
  }
  return false;
}

/** Whether a pointwise convolution gives one pixel for each of its input. */
export function seesOnePixel(pointwise: Node): boolean {
  const strides = optionalAttribute(pointwise, 'strides', 'ints') ?? [];
  const pads = optionalAttribute(pointwise, 'pads', 'ints') ?? [];
  const isStill = strides.every((stride) => stride === 1) && pads.every((pad) => pad === 0);
  return isStill && hasPads(pointwise);
}

/** Whether the padding is that of the attribute `pads`. */
function hasPads(conv: Node): boolean {
  return (optionalAttribute(conv, 'auto_pad', 'string') ?? 'NOTSET') === 'NOTSET';
}

function hasResidual(conv: Node): boolean {
  return conv.inputs[3] !== undefined;
}

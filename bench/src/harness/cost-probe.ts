/**
 * Workloads that show one number of a target's costs each. A *probe* is a family of graphs: that of
 * some layers beside that of none, which copies input and output alike, so that the difference is
 * the layers' own.
 *
 * Source of the sizes: MobileNetV2 and ResNet at 224 × 224. Images are channels last, as kernels have
 * them, and windows stay inside of the image, so that nothing is copied or framed with zeros.
 */

import { type Graph, GraphBuilder, seededTensor, type TargetCosts, tensorOf } from '@whittle/ir';

export interface CostProbe {
  readonly constant: keyof TargetCosts;
  readonly workload: string;
  /** The graph with that many layers. */
  readonly build: (layers: number) => Graph;
  /** Each is one step of the program. */
  readonly layers: number;
  /** Bytes that the layers read and write; absent where another quantity counts. */
  readonly bytes?: number;
  /** Runs of one sample, so that a clock can tell them. */
  readonly repeats: number;
}

/** Far more than any cache holds. */
const elements = 2 ** 24;

export const costProbes: readonly CostProbe[] = [
  pointwise(56, 144),
  pointwise(28, 256),
  pointwise(14, 512),
  depthwise(112, 32, 3),
  depthwise(56, 144, 3),
  depthwise(28, 192, 3),
  depthwise(14, 576, 3),
  depthwise(28, 192, 5),
  depthwise(14, 576, 5),
  streamed('Neg', 'to another tensor'),
  streamed('Neg', 'in place'),
  streamed('Add', 'to one of them'),
  steps(1),
  steps(4),
];

function pointwise(size: number, channels: number): CostProbe {
  const filter = [channels, channels, 1, 1];
  return {
    constant: 'contraction',
    workload: `${size}x${size} ${channels}→${channels}, pointwise`,
    build: (layers) => chain([1, size, size, channels], layers, filter, 1),
    layers: 2,
    repeats: 1,
  };
}

function depthwise(size: number, channels: number, kernel: number): CostProbe {
  const layers = 2;
  const padded = size + layers * (kernel - 1);
  const filter = [channels, 1, kernel, kernel];
  return {
    constant: 'depthwise',
    workload: `${size}x${size} ${channels}, ${kernel}x${kernel} depthwise`,
    build: (count) => chain([1, padded, padded, channels], count, filter, channels),
    layers,
    repeats: 4,
  };
}

/** An image [N, H, W, C] through that many convolutions, one after another. */
function chain(
  dims: readonly number[],
  layers: number,
  filter: readonly number[],
  group: number,
): Graph {
  const builder = new GraphBuilder('chain');
  const image = builder.input('x', 'float32', dims);
  let y = builder.op('Transpose', [image], { perm: [0, 3, 1, 2] });
  for (let layer = 0; layer < layers; layer++) {
    const weights = builder.constant(seededTensor('float32', filter, layer + 1));
    y = builder.op('Conv', [y, weights], { group });
  }
  builder.output('y', builder.op('Transpose', [y], { perm: [0, 2, 3, 1] }));
  return builder.build();
}

/** A tensor that is read again later is not overwritten, and any other is. */
function streamed(
  op: 'Neg' | 'Add',
  where: 'to another tensor' | 'in place' | 'to one of them',
): CostProbe {
  const build = (layers: number): Graph => {
    const builder = new GraphBuilder('streamed');
    const x = builder.input('x', 'float32', [elements]);
    const inputs = op === 'Add' ? [x, builder.input('z', 'float32', [elements])] : [x];
    if (where === 'to another tensor') builder.output('x_again', x);
    builder.output('y', layers === 0 ? x : builder.op(op, inputs));
    return builder.build();
  };
  const tensors = op === 'Add' ? 3 : 2;
  return {
    constant: 'memory',
    workload: `${op} of ${elements / 2 ** 20} Mi elements, ${where}`,
    build,
    layers: 1,
    bytes: tensors * elements * Float32Array.BYTES_PER_ELEMENT,
    repeats: 1,
  };
}

/** Pointwise convolutions of one pixel: hardly more than the call. */
function steps(channels: number): CostProbe {
  const layers = 200;
  const build = (count: number): Graph => {
    const builder = new GraphBuilder('steps');
    let y = builder.input('x', 'float32', [1, channels, 1, 1]);
    // The sums keep their size, since numbers near zero can take more time.
    const values = Array.from({ length: channels ** 2 }, () => 1 / channels);
    const weights = builder.constant(tensorOf('float32', [channels, channels, 1, 1], values));
    for (let step = 0; step < count; step++) y = builder.op('Conv', [y, weights]);
    builder.output('y', y);
    return builder.build();
  };
  return {
    constant: 'launch',
    workload: `${layers} steps, a pixel of ${channels} channel${channels === 1 ? '' : 's'} each`,
    build,
    layers,
    repeats: 4000,
  };
}

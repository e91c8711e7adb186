/**
 * Replaces `auto_pad`, and `output_shape` of a transposed convolution, by the pads they stand for, so
 * that nothing after this pass knows them.
 *
 *     %y = Conv(%x, %w) {auto_pad = "SAME_UPPER", strides = [2, 2]}       %x: f32[1,3,224,224]
 *   →
 *     %y = Conv(%x, %w) {strides = [2, 2], pads = [0, 0, 1, 1]}
 *
 * SAME is TensorFlow's rule: the output has ceil(input / stride) positions, and the padding that
 * takes, max((output − 1) · stride + extent − input, 0), is split evenly, with the odd element at
 * the end (SAME_UPPER) or at the beginning (SAME_LOWER). A transposed convolution has
 * input · stride positions, or those of `output_shape`, and what is too much is cropped in the same
 * way; what is missing is output padding.
 */

import {
  any,
  type Dim,
  isBound,
  type Node,
  op,
  optionalAttribute,
  type Pass,
  type RewriteRule,
  requiredAttribute,
  rewriteGraph,
  samePadding,
} from '@whittle/ir';

const windowed = [
  ...['Conv', 'ConvInteger', 'QLinearConv'],
  ...['MaxPool', 'AveragePool', 'LpPool'],
];

const rules: readonly RewriteRule[] = [
  {
    algebra: 'window(x; auto_pad) → window(x; pads)',
    pattern: op(windowed, any('x')),
    guard: ({ root }) => autoPadOf(root) !== 'NOTSET',
    build: ({ root }, rewriter) => {
      const totals = totalsOf(root, totalOfWindow);
      const pads = totals && splitPads(root, totals);
      // With these pads the output sizes come out the same whether rounded up or down.
      return (
        pads && rewriter.update({ attributes: { auto_pad: undefined, ceil_mode: undefined, pads } })
      );
    },
  },
  {
    algebra: 'conv_transpose(x; auto_pad, output_shape) → conv_transpose(x; pads, output_padding)',
    pattern: op('ConvTranspose', any('x')),
    guard: ({ root }) => autoPadOf(root) !== 'NOTSET' || outputShapeOf(root) !== undefined,
    build: ({ root }, rewriter) => {
      const totals = totalsOf(root, totalOfTransposedWindow);
      if (totals === undefined) return undefined;
      const given = optionalAttribute(root, 'output_padding', 'ints');
      const output_padding = totals.map((total, i) => (given?.[i] ?? 0) + Math.max(-total, 0));
      return rewriter.update({
        attributes: {
          auto_pad: undefined,
          output_shape: undefined,
          output_padding: output_padding.some((size) => size > 0) ? output_padding : undefined,
          pads: splitPads(root, totals),
        },
      });
    },
  },
];

export const resolveAutoPad: Pass = {
  id: 'resolve-auto-pad',
  summary: 'Replaces auto_pad by explicit pads.',
  run: (graph) => rewriteGraph(graph, rules),
};

interface Axis {
  readonly size: Dim;
  readonly extent: number;
  readonly stride: number;
  readonly outputPadding: number;
  readonly outputSize: number | undefined;
  readonly valid: boolean;
}

function autoPadOf(root: Node): string {
  return requiredAttribute(root, 'auto_pad', 'string');
}

/** An empty list, as some exporters write, is none. */
function outputShapeOf(root: Node): readonly number[] | undefined {
  const shape = optionalAttribute(root, 'output_shape', 'ints');
  return shape?.length === 0 ? undefined : shape;
}

function totalOfWindow({ size, extent, stride, valid }: Axis): number | undefined {
  if (valid) return 0;
  const zeros = samePadding(size, { kernel: extent, stride, dilation: 1 });
  return zeros && zeros[0] + zeros[1];
}

/** What the full output, `(input − 1) · stride + extent + output_padding`, has too much. */
function totalOfTransposedWindow(axis: Axis): number | undefined {
  const { size, extent, stride, outputPadding, outputSize, valid } = axis;
  if (outputSize === undefined) return valid ? 0 : extent + outputPadding - stride;
  if (!isBound(size)) return undefined;
  return (size - 1) * stride + extent + outputPadding - outputSize;
}

/** The padding of each spatial axis, begin and end together; undefined where a size is unknown. */
function totalsOf(
  root: Node,
  totalOf: (axis: Axis) => number | undefined,
): readonly number[] | undefined {
  const totals: number[] = [];
  for (const axis of spatialAxes(root)) {
    const total = totalOf(axis);
    if (total === undefined) return undefined;
    totals.push(total);
  }
  return totals.length === 0 ? undefined : totals;
}

function splitPads(root: Node, totals: readonly number[]): readonly number[] {
  const smaller = totals.map((total) => Math.floor(Math.max(total, 0) / 2));
  const larger = totals.map((total) => Math.ceil(Math.max(total, 0) / 2));
  return autoPadOf(root) === 'SAME_UPPER' ? [...smaller, ...larger] : [...larger, ...smaller];
}

/** One entry for each spatial axis; none where the kernel's size is unknown. */
function spatialAxes(root: Node): readonly Axis[] {
  const sizes = root.inputs[0]?.type?.dims.slice(2) ?? [];
  const filter = root.inputs[root.op === 'QLinearConv' ? 3 : 1];
  const kernel =
    optionalAttribute(root, 'kernel_shape', 'ints') ?? filter?.type?.dims.slice(2) ?? [];
  if (kernel.length !== sizes.length || !kernel.every(isBound)) return [];
  const ints = (name: string) => optionalAttribute(root, name, 'ints');
  return sizes.map((size, i) => ({
    size,
    extent: ((kernel[i] ?? 1) - 1) * (ints('dilations')?.[i] ?? 1) + 1,
    stride: ints('strides')?.[i] ?? 1,
    outputPadding: ints('output_padding')?.[i] ?? 0,
    outputSize: outputShapeOf(root)?.[i],
    valid: autoPadOf(root) === 'VALID',
  }));
}

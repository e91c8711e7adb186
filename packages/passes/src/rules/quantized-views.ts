/**
 * Ops that move numbers, or choose among them, do the same to the integers that stand for them: a
 * dequantisation comes after them, where the next quantisation undoes it.
 */

import {
  any,
  type Node,
  op,
  optionalAttribute,
  type RewriteRule,
  type Rewriter,
  shared,
  type Value,
} from '@whittle/ir';
import { scalarValue } from '../shared/constants.js';
import {
  dequantizedFrom,
  isOfBytes,
  oneScale,
  type Quantized,
  quantizedAs,
  sameQuantization,
  zeroOf,
} from '../shared/quantization.js';

/** Each element of the output is one of input 0. */
const views = [
  ...['Reshape', 'Transpose', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Slice', 'Expand'],
  ...['Tile', 'Gather', 'GatherElements', 'GatherND', 'DepthToSpace', 'SpaceToDepth', 'MaxPool'],
  'Resize',
];

export const quantizedViews: readonly RewriteRule[] = [
  {
    algebra: 'quantize(dequantize(q)) → q, of one scale and zero point',
    pattern: op('QuantizeLinear', shared(op('DequantizeLinear'))),
    build: ({ root }, rewriter) => {
      const from = dequantizedFrom(root.inputs[0], rewriter);
      const to = quantizedAs(root, root.outputs[0]);
      return from && to && sameQuantization(from, to) ? from.x : undefined;
    },
  },
  {
    algebra: 'view(dequantize(q)) → dequantize(view(q)), of one scale',
    pattern: op(views, shared(op('DequantizeLinear'))),
    guard: ({ root }) => root.outputs[1] === undefined && takesNearest(root),
    build: ({ root: { op: view, inputs, attributes } }, rewriter) => {
      const from = bytesOf(inputs[0], rewriter);
      if (from === undefined) return undefined;
      return dequantized(
        rewriter.op(view, [from.x, ...inputs.slice(1)], attributes),
        from,
        rewriter,
      );
    },
  },
  {
    algebra: 'concat(dequantize(q), …) → dequantize(concat(q, …)), of one scale and zero point',
    pattern: op('Concat'),
    build: ({ root: { inputs, attributes } }, rewriter) => {
      const parts = inputs.flatMap((input) => bytesOf(input, rewriter) ?? []);
      const [first] = parts;
      if (first === undefined || parts.length < inputs.length) return undefined;
      if (!parts.every((part) => sameQuantization(first, part))) return undefined;
      const integers = parts.map(({ x }) => x);
      return dequantized(rewriter.op('Concat', integers, attributes), first, rewriter);
    },
  },
  {
    algebra: 'relu(dequantize(q)) → dequantize(max(q, zero)), of one scale',
    pattern: op('Relu', shared(op('DequantizeLinear'))),
    build: ({ root }, rewriter) => {
      const from = bytesOf(root.inputs[0], rewriter);
      if (from === undefined) return undefined;
      return dequantized(rewriter.op('Max', [from.x, zeroOf(from, rewriter)]), from, rewriter);
    },
  },
  {
    algebra: 'pad(dequantize(q), 0) → dequantize(pad(q, zero)), of one scale',
    pattern: op('Pad', shared(op('DequantizeLinear'))),
    guard: ({ root }) => padsWithZeros(root),
    build: ({ root: { inputs, attributes } }, rewriter) => {
      const [numbers, pads, , axes] = inputs;
      const from = bytesOf(numbers, rewriter);
      if (from === undefined) return undefined;
      const fill = zeroOf(from, rewriter);
      return dequantized(
        rewriter.op('Pad', [from.x, pads, fill, axes], attributes),
        from,
        rewriter,
      );
    },
  },
  {
    algebra: 'transpose(dequantize(constant)) → dequantize(transpose(constant))',
    pattern: op('Transpose', any('numbers')),
    build: (match, rewriter) => {
      const from = dequantizedFrom(match.value('numbers'), rewriter);
      if (from?.x.constant === undefined) return undefined;
      const rank = from.x.constant.dims.length;
      const reversed = Array.from({ length: rank }, (_, i) => rank - 1 - i);
      const perm = optionalAttribute(match.root, 'perm', 'ints') ?? reversed;
      const turned = rewriter.op('Transpose', [from.x], { perm });
      return dequantized(turned, from, rewriter, from.axis && perm.indexOf(from.axis));
    },
  },
];

/** What numbers are dequantised from by one known scale. */
function bytesOf(numbers: Value | undefined, rewriter: Rewriter): Quantized | undefined {
  const from = dequantizedFrom(numbers, rewriter);
  return from && isOfBytes(from) && oneScale(from) !== undefined ? from : undefined;
}

function dequantized(
  x: Value,
  { scale, zero }: Quantized,
  rewriter: Rewriter,
  axis?: number,
): Value {
  return rewriter.op('DequantizeLinear', [x, scale, zero], { axis });
}

/** Other modes of Resize make numbers that were not there. */
function takesNearest(view: Node): boolean {
  return view.op !== 'Resize' || optionalAttribute(view, 'mode', 'string') === 'nearest';
}

/** Whether a Pad writes zeros, or nothing that was not there before. */
function padsWithZeros(pad: Node): boolean {
  const mode = optionalAttribute(pad, 'mode', 'string') ?? 'constant';
  const [, , fill] = pad.inputs;
  return mode !== 'constant' || fill === undefined || scalarValue(fill) === 0;
}

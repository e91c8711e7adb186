/**
 * Convolutions and products of a dequantised tensor with dequantised weights whose result stays a real
 * number: the integers are multiplied, and their sums scaled. So the weights stay integers.
 */

import {
  dtypes,
  type Node,
  op,
  optionalAttribute,
  type RewriteRule,
  type Rewriter,
  tensorOf,
  type Value,
} from '@whittle/ir';
import {
  dequantizedFrom,
  isOfBytes,
  productsOf,
  type Quantized,
  zeroOf,
} from '../shared/quantization.js';
import { knownNumbers } from './quantized-products.js';

export const integerProducts: readonly RewriteRule[] = [
  {
    algebra: 'conv(dequantize(x), dequantize(w), b) → conv_integer(x, w) · s + b',
    pattern: op('Conv'),
    build: ({ root }, rewriter) => {
      const operands = operandsOf(root, rewriter);
      const channels = operands?.w.x.constant?.dims[0];
      if (!operands || channels === undefined || (operands.w.axis ?? 0) !== 0) return undefined;
      const rank = operands.x.x.type?.dims.length ?? 0;
      const dims = [channels, ...Array<number>(rank - 2).fill(1)];
      const [, , bias, residual] = root.inputs;
      const offsets = bias && knownNumbers(bias, rewriter);
      if (residual || (bias && !offsets)) return undefined;
      const sums = rewriter.op('ConvInteger', integersOf(operands, rewriter), root.attributes);
      const scaled = times(sums, operands.scales, dims, rewriter);
      if (offsets === undefined) return scaled;
      return rewriter.op('Add', [scaled, rewriter.constant(tensorOf('float32', dims, offsets))]);
    },
  },
  {
    algebra: 'matmul(dequantize(x), dequantize(w)) → matmul_integer(x, w) · s',
    pattern: op('MatMul'),
    build: ({ root }, rewriter) => {
      const operands = operandsOf(root, rewriter);
      if (operands?.w.x.constant?.dims.length !== 2) return undefined;
      if ((operands.w.axis ?? 1) !== 1) return undefined;
      const sums = rewriter.op('MatMulInteger', integersOf(operands, rewriter));
      return times(sums, operands.scales, [operands.scales.length], rewriter);
    },
  },
  {
    algebra: 'gemm(dequantize(x), dequantize(w), c) → matmul_integer(x, w) · s + c',
    pattern: op('Gemm'),
    build: ({ root }, rewriter) => {
      const operands = operandsOf(root, rewriter);
      if (operands === undefined) return undefined;
      const has = (name: string, value: number) =>
        (optionalAttribute(root, name, name.startsWith('trans') ? 'int' : 'float') ?? value) ===
        value;
      const isTurned = !has('transB', 0);
      if (!has('alpha', 1) || !has('beta', 1) || !has('transA', 0)) return undefined;
      if ((operands.w.axis ?? (isTurned ? 0 : 1)) !== (isTurned ? 0 : 1)) return undefined;
      const [x, w, ...zeros] = integersOf(operands, rewriter);
      const matrix = isTurned ? rewriter.op('Transpose', [w], { perm: [1, 0] }) : w;
      const sums = rewriter.op('MatMulInteger', [x, matrix, ...zeros]);
      const scaled = times(sums, operands.scales, [operands.scales.length], rewriter);
      const [, , c] = root.inputs;
      return c === undefined ? scaled : rewriter.op('Add', [scaled, c]);
    },
  },
];

interface Operands {
  readonly x: Quantized;
  readonly w: Quantized;
  /** Those of the products. */
  readonly scales: readonly number[];
}

/** A tensor of one scale, and constant weights of known ones. */
function operandsOf({ inputs, attributes }: Node, rewriter: Rewriter): Operands | undefined {
  const [x, w] = inputs.map((input) => dequantizedFrom(input, rewriter));
  if (!x || !w?.x.constant || !isOfBytes(x) || !isOfBytes(w)) return undefined;
  const scales = productsOf(x, w);
  return scales && attributes.activation === undefined ? { x, w, scales } : undefined;
}

function integersOf({ x, w }: Operands, rewriter: Rewriter): readonly Value[] {
  return [x.x, w.x, zeroOf(x, rewriter), zeroOf(w, rewriter)];
}

/** Sums as real numbers: times one scale, or times those of `dims`. */
function times(
  sums: Value,
  scales: readonly number[],
  dims: readonly number[],
  rewriter: Rewriter,
): Value {
  const numbers = rewriter.op('Cast', [sums], { to: dtypes.float32.code });
  const factors = tensorOf('float32', scales.length === 1 ? [] : dims, scales);
  return rewriter.op('Mul', [numbers, rewriter.constant(factors, 'scale')]);
}

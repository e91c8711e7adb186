/**
 * Weights of integer products, packed as their loops read them: once, when an instance is made, if they are
 * constant and have one known zero point, and else in each run.
 */

import type { Block } from '../block.js';
import type { Expr } from '../loop-ir.js';
import { lessZero } from './quantization.js';
import { knownZero } from './quantized-parameters.js';
import type { KernelContext } from './rule.js';

/**
 * Memory of `length` words that `write` fills, as a parameter. It is given weights without their zero point,
 * in int32, and the parameter to write to.
 */
export type PackWeights = (
  length: number,
  write: (block: Block, read: (inner: Block, at: readonly Expr[]) => Expr, to: string) => void,
) => string;

/** Packs input `weights`; `zeroAt` reads the zero point of a weight, if input `zero` is not one number that is known. */
export function weightPacker(
  context: KernelContext,
  { weights, zero }: { readonly weights: number; readonly zero: number },
  zeroAt: (block: Block, at: readonly Expr[]) => Expr,
): PackWeights {
  const known = knownZero(context, zero);
  if (context.node.inputs[weights]?.constant !== undefined && known !== undefined) {
    return (length, write) =>
      context.prepare({
        stem: 'u',
        kernel: 'pair_weights',
        length,
        dtype: 'int32',
        input: weights,
        write: (block, from, to) =>
          write(block, (inner, at) => lessZero(from.read(inner, at), known), to.param),
      });
  }
  return (length, write) => {
    const w = context.operand(weights);
    const packed = context.scratch('u', [length], undefined, 'int32');
    write(
      context.block,
      (inner, at) => lessZero(w.read(inner, at), known ?? zeroAt(inner, at)),
      packed.param,
    );
    return packed.param;
  };
}

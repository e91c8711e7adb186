/** Inputs of one element. */

import { integersOf } from '@whittle/ir';
import type { Block } from '../block.js';
import { binary, cast, index, literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { maxIndex, minIndex } from './index-math.js';
import type { ElementContext } from './rule.js';

/** The one element of an input. */
export function readScalar(context: ElementContext, block: Block, input: number): Expr {
  const operand = context.operand(input);
  return operand.read(
    block,
    operand.dims.map(() => index(0)),
  );
}

/** An integer input of one element as an index of 0 to `most`, whatever it holds. */
export function readCount(
  context: ElementContext,
  block: Block,
  input: number,
  most: number,
): Expr {
  const known = integersOf(context.node.inputs[input])?.[0];
  if (known !== undefined) return index(Math.min(Math.max(known, 0), most));
  // Before it becomes an index, which has fewer bits.
  const written = readScalar(context, block, input);
  const small = cast(binary('min', written, literal(written.dtype, most)), 'index');
  return block.let('n', maxIndex(index(0), minIndex(small, index(most))));
}

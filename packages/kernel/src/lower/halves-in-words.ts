/**
 * Integers of 16 bits in pairs, one pair in a word of 32, as `dot16` takes them. What is summed over is
 * cut into two: of `extent` terms word i holds term i in its low half and term i + words in its high
 * half, so that neighbours in memory stay neighbours. Where their number is odd, the last high half is 0.
 */

import type { Block } from '../block.js';
import { add, binary, index, literal } from '../expr.js';
import type { Expr } from '../loop-ir.js';

/** How many words hold so many terms. */
export function wordsOf(extent: number): number {
  return Math.ceil(extent / 2);
}

/** The word of two int32 that 16 bits hold; an absent one is 0. */
export function pairOf(low: Expr | undefined, high: Expr | undefined): Expr {
  const lowHalf = low && binary('bitand', low, literal('int32', 0xffff));
  const highHalf = high && binary('shl', high, literal('int32', 16));
  if (lowHalf === undefined || highHalf === undefined) {
    return lowHalf ?? highHalf ?? literal('int32', 0);
  }
  return binary('bitor', lowHalf, highHalf);
}

/** Loops over the words of so many terms; `read` gives one term, and `body` takes each word. */
export function overPairs(
  block: Block,
  extent: number,
  read: (inner: Block, term: Expr) => Expr,
  body: (inner: Block, at: Expr, word: Expr) => void,
): void {
  const words = wordsOf(extent);
  block.for('k', extent - words, (inner, at) => {
    const low = read(inner, at);
    body(inner, at, pairOf(low, read(inner, add(at, index(words)))));
  });
  if (extent % 2 === 1) {
    const last = index(words - 1);
    body(block, last, pairOf(read(block, last), undefined));
  }
}

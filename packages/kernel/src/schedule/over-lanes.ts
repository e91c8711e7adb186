/** Neighbouring positions as vectors: how schedules share out what they compute together. */

import type { Block } from '../block.js';
import { add, index } from '../expr.js';
import type { Expr } from '../loop-ir.js';

/**
 * Calls `body` with positions that together are those from 0 to `count`: once inside of a loop in
 * lanes, where each of its positions stands for as many as there are lanes, and once for those left
 * over. Without vectors (`lanes` is 1) it is called once, for all.
 */
export function overLanes(
  block: Block,
  count: number,
  lanes: number,
  body: (inner: Block, positions: readonly Expr[]) => void,
): void {
  const whole = lanes > 1 ? count - (count % lanes) : 0;
  if (whole > 0) {
    block.lanes('v', lanes, (inner, lane) => {
      const vectors = Array.from({ length: whole / lanes }, (_, i) => index(i * lanes));
      body(
        inner,
        vectors.map((vector) => add(lane, vector)),
      );
    });
  }
  if (whole < count) {
    body(
      block,
      Array.from({ length: count - whole }, (_, i) => index(whole + i)),
    );
  }
}

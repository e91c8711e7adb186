/** Softmax and its kin: three sweeps over each line along the axis, in any layout. */

import { optionalAttribute } from '@whittle/ir';
import type { Block } from '../block.js';
import { add, binary, cast, index, literal, load, mul, select, sub, unary } from '../expr.js';
import type { Expr } from '../loop-ir.js';
import { positionOf } from '../view.js';
import { inMemoryOrder, origin, otherAxes, overAxes } from './axis-loops.js';
import { lowest, maxFold, writeFold } from './fold.js';
import { normalizeAxis } from './index-math.js';
import type { Destination, KernelContext, LoweringRule, Operand } from './rule.js';
import { arithmeticType } from './scalar-types.js';
import { anyTail, withoutTails } from './tails.js';

/** One line of input and output: the elements along the axis, the other coordinates fixed. */
interface Line {
  readonly block: Block;
  readonly x: Operand;
  readonly y: Destination;
  /** Loops over the line; `body` gets the coordinates of one element. */
  sweep(body: (inner: Block, at: readonly Expr[]) => void): void;
}

function alongAxis(write: (line: Line, context: KernelContext) => void): LoweringRule {
  return {
    allowsTails: anyTail,
    kernel: (context) => {
      const { block, node } = context;
      const y = context.destination(0);
      const rank = y.dims.length;
      const axis = normalizeAxis(node, optionalAttribute(node, 'axis', 'int') ?? -1, rank);
      const axes = rank === 0 ? [] : [axis];
      const x = withoutTails(context, axes, lowest);
      const others = inMemoryOrder(otherAxes(rank, axes), y);
      overAxes(block, x.dims, others, origin(x.dims), (inner, at) => {
        const sweep: Line['sweep'] = (body) => overAxes(inner, x.dims, axes, at, body);
        write({ block: inner, x, y, sweep }, context);
      });
    },
  };
}

function largest({ block, x, sweep }: Line): Expr {
  const max = writeFold(
    block,
    maxFold,
    x.dtype,
    (_, body: (inner: Block, at: readonly Expr[]) => void) => sweep(body),
    (inner, at) => x.read(inner, at),
    index(1),
  );
  return block.let('m', max);
}

/** e^(x - max) goes to the output first, and is scaled there: each is computed once. */
function writeSoftmax(line: Line): void {
  const { block, x, y, sweep } = line;
  const type = arithmeticType(x.dtype);
  const max = largest(line);
  const sum = block.local('sum', type, literal(type, 0));
  sweep((inner, at) => {
    const e = inner.let('e', unary('exp', sub(x.read(inner, at), max)));
    y.store(inner, at, e);
    inner.assign(sum, add(sum, e));
  });
  const scale = block.let('r', binary('div', literal(type, 1), sum));
  sweep((inner, at) => {
    const e = load(y.param, y.dtype, positionOf(y.view, at));
    y.store(inner, at, mul(e, scale));
  });
}

function writeLogSoftmax(line: Line): void {
  const { block, x, y, sweep } = line;
  const type = arithmeticType(x.dtype);
  const max = largest(line);
  const sum = block.local('sum', type, literal(type, 0));
  sweep((inner, at) => {
    inner.assign(sum, add(sum, unary('exp', sub(x.read(inner, at), max))));
  });
  const log = block.let('l', unary('log', sum));
  sweep((inner, at) => y.store(inner, at, sub(sub(x.read(inner, at), max), log)));
}

/** 1 at the first of the largest elements. */
function writeHardmax(line: Line): void {
  const { block, x, y, sweep } = line;
  const type = arithmeticType(x.dtype);
  const max = largest(line);
  const found = block.local('found', 'bool', literal('bool', 0));
  sweep((inner, at) => {
    const isMax = inner.let('is', binary('eq', x.read(inner, at), max));
    const isFirst = inner.let('is', select(found, literal('bool', 0), isMax));
    y.store(inner, at, cast(isFirst, type));
    inner.assign(found, binary('or', found, isMax));
  });
}

export const softmaxRules: Readonly<Record<string, LoweringRule>> = {
  Softmax: alongAxis(writeSoftmax),
  LogSoftmax: alongAxis(writeLogSoftmax),
  Hardmax: alongAxis(writeHardmax),
};

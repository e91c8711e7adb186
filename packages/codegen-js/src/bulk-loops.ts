/**
 * Loops that do no more than move or fill a run of elements, which typed arrays do in one call.
 * Engines compile such a loop element by element; docs/performance.md has the figures.
 */

import {
  add,
  affineOf,
  type Expr,
  exprOfAffine,
  type For,
  index,
  keyOf,
  type Store,
  variable,
} from '@whittle/kernel';
import { type PrintContext, printExpr, printStored } from './print-expr.js';

/** The call that a loop is written as; undefined for one that is no such loop, or a short one. */
export function bulkCall(loop: For, context: PrintContext): string | undefined {
  const [store, ...others] = loop.body;
  const length = lengthOf(loop);
  if (store?.kind !== 'store' || others.length > 0 || length < leastElements) return undefined;
  const to = startOfRun(store.index, loop);
  return to && (copyCall(store, to, length, loop, context) ?? fillCall(store, to, length, context));
}

/** A call takes as long as so many turns of a loop. */
const leastElements = 32;

/** How often a loop runs that counts from 0 by ones up to a number; 0 for others. */
function lengthOf({ start, end, step }: For): number {
  const isPlain = start.kind === 'literal' && Number(start.value) === 0 && step === 1;
  return isPlain && end.kind === 'literal' ? Number(end.value) : 0;
}

/** `base` of an index that is `base + i`, for the `i` of the loop; undefined for others. */
function startOfRun(position: Expr, { name }: For): Expr | undefined {
  const { constant, terms } = affineOf(position);
  const key = keyOf(variable(name, 'index'));
  if (terms.get(key)?.coefficient !== 1) return undefined;
  const others = new Map([...terms].filter(([other]) => other !== key));
  const isFixed = [...others.values()].every(({ atom }) => atom.kind === 'variable');
  return isFixed ? exprOfAffine({ constant, terms: others }) : undefined;
}

/**
 * Of elements of one dtype, whose bits stay as they are. Within one parameter the runs may overlap,
 * where a loop reads what it has written and a call does not.
 */
function copyCall(
  { param, value }: Store,
  to: Expr,
  length: number,
  loop: For,
  context: PrintContext,
): string | undefined {
  if (value.kind !== 'load' || value.param === param) return undefined;
  const from = startOfRun(value.index, loop);
  const { heap, dtype } = context.heapOf(param);
  if (from === undefined || context.heapOf(value.param).dtype !== dtype) return undefined;
  const [target, source] = [to, from].map((start) => printExpr(start, context).text);
  return `${heap}.copyWithin(${target}, ${source}, ${endOfRun(from, length, context)})`;
}

function fillCall(
  { param, value }: Store,
  to: Expr,
  length: number,
  context: PrintContext,
): string | undefined {
  if (value.kind !== 'literal') return undefined;
  const { heap, dtype } = context.heapOf(param);
  const element = printStored(printExpr(value, context), dtype, context.helper).text;
  const start = printExpr(to, context).text;
  return `${heap}.fill(${element}, ${start}, ${endOfRun(to, length, context)})`;
}

function endOfRun(start: Expr, length: number, context: PrintContext): string {
  return printExpr(add(start, index(length)), context).text;
}

/**
 * How often a `Loop` runs its body. It ends when its counter reaches the limit, or when its condition does not
 * hold: the one that is given for the first turn, then the first output of the body.
 */

import { isBound } from './dim.js';
import type { Graph, Node, Value } from './graph.js';
import { elementCount, numbersOf } from './tensor.js';

/** The number of turns, where it does not depend on what a run computes. */
export function turnsOf(loop: Node): number | undefined {
  const most = mostTurnsOf(loop);
  if (most === 0) return 0;
  return mayStopEarly(loop) ? undefined : most;
}

/** The most turns that a loop can take; undefined where nothing bounds them. */
export function mostTurnsOf({ inputs: [limit, condition] }: Node): number | undefined {
  if (condition !== undefined && knownScalar(condition) === 0) return 0;
  const most = limit && knownScalar(limit);
  return most === undefined ? undefined : Math.max(0, most);
}

/** Whether a loop may end before its counter reaches the limit. */
export function mayStopEarly({ inputs: [, condition], regions }: Node): boolean {
  if (condition !== undefined && knownScalar(condition) !== 1) return true;
  return !staysTrue(regions.body);
}

/** Whether a body gives a condition that holds wherever the one holds that it takes. */
function staysTrue(body: Graph | undefined): boolean {
  const [, taken] = body?.inputs ?? [];
  let value = body?.outputs[0]?.value;
  const producers = new Map(body?.nodes.map((node) => [node.outputs[0], node]));
  while (value !== undefined && value !== taken) {
    if (knownScalar(value) === 1) return true;
    const producer = producers.get(value);
    const [input] = producer?.inputs ?? [];
    // As exporters pass a condition on: a cast of a bool to bool changes nothing either.
    const passesOn = producer?.op === 'Identity' || producer?.op === 'Cast';
    value = passesOn && input?.type?.dtype === 'bool' ? input : undefined;
  }
  return value !== undefined;
}

/** The one element of an integer or a bool, where it is known. */
function knownScalar({ constant, elements }: Value): number | undefined {
  const [element] = elements ?? [];
  if (element !== undefined) return isBound(element) ? element : undefined;
  if (constant === undefined || elementCount(constant.dims) !== 1) return undefined;
  return numbersOf(constant)[0];
}

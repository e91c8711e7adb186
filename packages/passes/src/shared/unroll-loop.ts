/** A loop as its turns one behind another. */

import { allBound, type Graph, type Node, type Rewriter, tensorOf, type Value } from '@whittle/ir';
import { instantiateRegion } from './instantiate-region.js';
import { stepsOf } from './steps.js';

/** What a loop carries and whether it still runs, a bool of one element. */
export interface Turn {
  readonly condition: Value;
  readonly carried: readonly Value[];
}

/** What the next turn takes; `before` is what this one took, `after` what its body gave. */
export type NextTurn = (before: Turn, after: Turn) => Turn;

/**
 * What replaces the outputs of a loop of so many turns: the body once for each. Undefined where the loop lacks what
 * a loop has, or where it is not known what stacks of nothing are.
 */
export function unrollLoop(
  { inputs: [, condition, ...initial], outputs, regions: { body } }: Node,
  turns: number,
  rewriter: Rewriter,
  next: NextTurn,
): readonly (Value | undefined)[] | undefined {
  const entered = initial.filter((value) => value !== undefined);
  if (body === undefined || entered.length < initial.length) return undefined;
  const stacks = body.outputs.slice(1 + initial.length).map((): Value[] => []);
  let turn: Turn = {
    condition: condition ?? scalarLike(body.inputs[1], 'bool', 1, rewriter),
    carried: entered,
  };
  for (let i = 0; i < turns; i++) {
    const number = scalarLike(body.inputs[0], 'int64', i, rewriter);
    const given = instantiateRegion(rewriter, body, [number, turn.condition, ...turn.carried]);
    const [goesOn = turn.condition, ...values] = given;
    for (const [k, stack] of stacks.entries()) {
      const value = values[initial.length + k];
      if (value !== undefined) stack.push(value);
    }
    turn = next(turn, { condition: goesOn, carried: values.slice(0, initial.length) });
  }
  const { carried } = turn;
  const stacked = stacks.map(
    (values, k) =>
      outputs[initial.length + k] &&
      stackOf(values, body.outputs[1 + initial.length + k]?.value, rewriter),
  );
  const all = [...carried, ...stacked];
  return outputs.every((output, i) => output === undefined || all[i]) ? all : undefined;
}

/** How many nodes a loop becomes. */
export function unrolledNodes(turns: number, body: Graph | undefined): number {
  return turns * Math.max(1, countNodes(body));
}

function countNodes(graph: Graph | undefined): number {
  const nodes = graph?.nodes ?? [];
  return nodes.reduce(
    (sum, { regions }) =>
      Object.values(regions).reduce((count, region) => count + countNodes(region), sum),
    nodes.length,
  );
}

/** One element, of the dims that the body takes. */
function scalarLike(
  formal: Value | undefined,
  dtype: 'bool' | 'int64',
  element: number,
  rewriter: Rewriter,
): Value {
  const dims = formal?.type?.dims.length === 1 ? [1] : [];
  return rewriter.constant(tensorOf(dtype, dims, [element]));
}

/** Values along a new first axis; of none the type is that of what the body gives. */
function stackOf(
  values: readonly Value[],
  given: Value | undefined,
  rewriter: Rewriter,
): Value | undefined {
  if (values.length > 0) {
    const axis = stepsOf(rewriter).ints([0]);
    const parts = values.map((value) => rewriter.op('Unsqueeze', [value, axis]));
    return rewriter.op('Concat', parts, { axis: 0 });
  }
  if (given?.type === undefined || !allBound(given.type.dims)) return undefined;
  const { dtype, dims } = given.type;
  return rewriter.constant(tensorOf(dtype, [0, ...dims], []));
}

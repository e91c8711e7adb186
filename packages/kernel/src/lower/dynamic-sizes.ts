/**
 * Sizes that only a run can tell, as of the indices of what is not zero. To inference such a size is a name
 * like any other; the op that makes it has a bound for it. Lowering works on a graph in which each dim is the
 * most that it can be, so that all memory is planned ahead, and the kernel that makes a size also writes
 * down how large it came out.
 *
 * Vocabulary: a *made* size is one that an op decides by its elements; the *tail* of an axis are the
 * positions from the true size on. They hold elements like all others, zeros where the size is made, of
 * which none may matter to what lies before them.
 */

import {
  CompilerError,
  type Dim,
  findOp,
  formatDims,
  type Graph,
  inferMostDims,
  isBound,
  mostOfDim,
  type Node,
  type Value,
  valuesReadBy,
} from '@whittle/ir';
import { hasRule, ruleOf } from './table.js';
import { nameOfDim, toleratesTails } from './tails.js';

export interface BoundGraph {
  /** Every made size is its bound. The graph itself, where there is none. */
  readonly graph: Graph;
  /** The dims of one of its values as inference has them. */
  dimsOf(value: Value): readonly Dim[];
}

/**
 * Dims of names that no op makes, as those of inputs, stay as they are.
 * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` for an op to which a tail would matter.
 */
export function boundSizes(graph: Graph): BoundGraph {
  const most = new Map<string, number>();
  const bound = new Map<Value, Value>();
  const written = new Map<Value, readonly Dim[]>();
  const valueFor = (value: Value): Value => bound.get(value) ?? value;
  const isBounded = (value: Value | undefined): boolean => value !== undefined && bound.has(value);
  const nodes = graph.nodes.map((node): Node => {
    if (![...valuesReadBy(node), ...node.outputs].some(isOpen)) return node;
    noteBounds(node, most);
    for (const value of node.outputs) {
      const atMost = value && valueAtMost(value, most);
      if (value?.type === undefined || atMost === undefined) continue;
      bound.set(value, atMost);
      written.set(atMost, value.type.dims);
    }
    if ([...valuesReadBy(node), ...node.outputs].some(isBounded)) requireTolerance(node);
    return {
      ...node,
      inputs: node.inputs.map((value) => value && valueFor(value)),
      outputs: node.outputs.map((value) => value && valueFor(value)),
    };
  });
  const dimsOf = (value: Value): readonly Dim[] => written.get(value) ?? value.type?.dims ?? [];
  if (bound.size === 0) return { graph, dimsOf };
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: valueFor(value) }));
  return { graph: { ...graph, nodes, outputs }, dimsOf };
}

function isOpen(value: Value | undefined): boolean {
  return value?.type?.dims.some((dim) => !isBound(dim)) === true;
}

/** Adds the bounds of the sizes that a node makes: names that stand by themselves in its outputs' dims. */
function noteBounds(node: Node, most: Map<string, number>): void {
  const mostDims = inferMostDims(node);
  node.outputs.forEach((value, output) => {
    value?.type?.dims.forEach((dim, axis) => {
      const name = nameOfDim(dim);
      const limit = mostDims?.[output]?.[axis];
      if (name === undefined || limit === undefined || most.has(name)) return;
      const size = mostOfDim(limit, most);
      if (size !== undefined) most.set(name, size);
    });
  });
}

/** The same value with numbers for its dims; undefined where they are numbers, or a name has no bound. */
function valueAtMost(value: Value, most: ReadonlyMap<string, number>): Value | undefined {
  if (value.type === undefined || !isOpen(value)) return undefined;
  const { dtype } = value.type;
  const dims = value.type.dims.map((dim) => mostOfDim(dim, most));
  if (dims.some((dim) => dim === undefined)) return undefined;
  return { ...value, type: { dtype, dims: dims.map((dim) => dim ?? 0) } };
}

function requireTolerance(node: Node): void {
  const rule = ruleOf(node.op);
  // An op without a rule, or that spells others, is refused as such.
  if (!hasRule(node.op) || toleratesTails(node, rule)) return;
  const types = node.inputs.flatMap((value) =>
    value?.type === undefined ? [] : [formatDims(value.type.dims)],
  );
  throw new CompilerError(
    'E_UNSUPPORTED_FEATURE',
    `${node.op} takes ${types.join(', ')}, of which only a run can tell how large it is.`,
    {
      hint: `Along such an axis Whittle runs ops that go position by position. ${summaryOf(node)}`,
      where: { node: node.name, op: node.op },
    },
  );
}

function summaryOf({ op }: Node): string {
  const summary = findOp(op)?.summary;
  return summary === undefined ? '' : `${op} is: ${summary}.`;
}

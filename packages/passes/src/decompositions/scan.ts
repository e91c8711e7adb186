/** Scan: a loop of as many turns as its inputs have indices along the axis, each of which takes one index. */

import {
  createNode,
  type Dim,
  firstOutput,
  type Graph,
  integersOf,
  isBound,
  type Node,
  optionalAttribute,
  type Rewriter,
  type Value,
} from '@whittle/ir';
import { copyBody } from '../shared/instantiate-region.js';
import { stepsOf } from '../shared/steps.js';
import { decomposition } from './decomposition.js';

export const scan = [
  decomposition(
    'Scan',
    'scan(f, s, x) → loop(length(x), f(s, gather(x, i)))',
    ({ root }, rewriter) => {
      const { body } = root.regions;
      const scanned = optionalAttribute(root, 'num_scan_inputs', 'int') ?? 0;
      const states = root.inputs.length - scanned;
      const inputs = root.inputs.filter((input) => input !== undefined);
      if (inputs.some(({ type }) => type === undefined)) return undefined;
      if (!body || scanned < 1 || inputs.length < root.inputs.length) return undefined;
      const axes = listOf(root, 'scan_input_axes');
      const slices = inputs.slice(states).map((value, i): Slice => {
        const { dims = [] } = value.type ?? {};
        const axis = axisWithin(axes[i], dims.length);
        const isReversed = listOf(root, 'scan_input_directions')[i] === 1;
        return { value, axis, isReversed, length: dims[axis] ?? 1 };
      });
      const [first] = slices;
      if (first === undefined) return undefined;
      const length = lengthOf(first, rewriter);
      const loop = rewriter.node(
        'Loop',
        [length, undefined, ...inputs.slice(0, states)],
        {},
        {
          outputs: root.outputs.map((output) => output?.name),
          regions: { body: loopBody(body, states, slices, length, rewriter) },
        },
      );
      return loop.outputs.map((value, i) => {
        const at = i - states;
        if (value === undefined || at < 0) return value;
        const isPrepended = listOf(root, 'scan_output_directions')[at] === 1;
        return along(listOf(root, 'scan_output_axes')[at], isPrepended, value, rewriter);
      });
    },
  ),
];

interface Slice {
  readonly value: Value;
  readonly axis: number;
  readonly isReversed: boolean;
  readonly length: Dim;
}

function listOf(node: Node, name: string): readonly number[] {
  return optionalAttribute(node, name, 'ints') ?? [];
}

function axisWithin(axis = 0, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** How many turns there are: a 0-d int64, a constant where it is known. */
function lengthOf({ value, axis, length }: Slice, rewriter: Rewriter): Value {
  if (isBound(length)) return rewriter.scalar('int64', length);
  const shape = rewriter.op('Shape', [value]);
  return rewriter.op('Gather', [shape, rewriter.scalar('int64', axis)]);
}

/** The body over the number of the turn, a condition that it passes on, and the states. */
function loopBody(
  body: Graph,
  states: number,
  slices: readonly Slice[],
  length: Value,
  rewriter: Rewriter,
): Graph {
  const named = (stem: string, type: Value['type']): Value => ({
    name: rewriter.freshName(stem),
    type,
  });
  const turn = named('turn', { dtype: 'int64', dims: [] });
  const condition = named('condition', { dtype: 'bool', dims: [] });
  const copies = new Map<Value, Value>();
  const carried = body.inputs.slice(0, states).map((value) => {
    const input = named(value.name, value.type);
    copies.set(value, input);
    return input;
  });
  const reading: Node[] = [];
  const apply = (op: string, inputs: readonly Value[], attributes = {}): Value => {
    const outputs = [rewriter.freshName(op)];
    const node = createNode({ op, inputs, attributes, outputs });
    reading.push(node);
    return firstOutput(node);
  };
  const last = (): Value => {
    const known = integersOf(length)?.[0];
    if (known !== undefined) return rewriter.scalar('int64', known - 1);
    return apply('Sub', [length, rewriter.scalar('int64', 1)]);
  };
  for (const [i, { value, axis, isReversed }] of slices.entries()) {
    const at = isReversed ? apply('Sub', [last(), turn]) : turn;
    const formal = body.inputs[states + i];
    const taken = apply('Gather', [value, at], { axis });
    if (formal) copies.set(formal, taken);
  }
  const { nodes, outputs } = copyBody(body, copies, rewriter);
  return {
    ...body,
    inputs: [turn, condition, ...carried],
    nodes: [...reading, ...nodes],
    outputs: [{ name: condition.name, value: condition }, ...outputs],
  };
}

/** What is stacked along axis 0, in the other order if it is to be, and along another axis. */
function along(
  axis: number | undefined,
  isReversed: boolean,
  value: Value,
  rewriter: Rewriter,
): Value {
  const rank = value.type?.dims.length ?? 1;
  const behind = Number.MIN_SAFE_INTEGER;
  const ordered = isReversed ? stepsOf(rewriter).slice(value, 0, -1, behind, -1) : value;
  const at = axisWithin(axis, rank);
  if (at === 0) return ordered;
  const others = Array.from({ length: rank - 1 }, (_, i) => i + 1);
  return rewriter.op('Transpose', [ordered], { perm: others.toSpliced(at, 0, 0) });
}

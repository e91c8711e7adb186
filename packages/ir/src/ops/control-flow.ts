/**
 * Ops that run the graphs inside them. What a region gives has a type already; where turns or branches
 * differ in a dim, only a run can tell it.
 */

import { type Dim, dimEquals, dimsEqual } from '../dim.js';
import type { Graph, TensorType, Value } from '../graph.js';
import { mostTurnsOf, turnsOf } from '../loop-turns.js';
import type { InferContext, InferredOutput, OpRecord } from '../op-record.js';
import { dimAt, requireSameDim } from './checks.js';
import { formals, int, ints, required } from './signature.js';

export const controlFlowOps: readonly OpRecord[] = [
  {
    name: 'If',
    since: 23,
    summary: 'what `then_branch` gives if the condition holds, else what `else_branch` gives',
    inputs: formals('cond'),
    outputs: formals('outputs*'),
    attributes: {},
    traits: { fusion: 'opaque' },
    infer: inferIf,
  },
  {
    name: 'Loop',
    since: 23,
    summary:
      'the body as long as a condition holds, at most M times; values go from turn to turn, others are stacked',
    inputs: formals('M? cond? v_initial*'),
    outputs: formals('v_final_and_scan_outputs*'),
    attributes: {},
    traits: { fusion: 'opaque' },
    infer: inferLoop,
    mostDims: mostDimsOfLoop,
  },
  {
    name: 'Scan',
    since: 23,
    summary: 'the body for each index along an axis of its inputs; states go from one to the next',
    inputs: formals('initial_state_and_scan_inputs*'),
    outputs: formals('final_state_and_scan_outputs*'),
    attributes: {
      num_scan_inputs: required(int()),
      scan_input_axes: ints(),
      scan_input_directions: ints(),
      scan_output_axes: ints(),
      scan_output_directions: ints(),
    },
    traits: { fusion: 'opaque' },
    infer: inferScan,
  },
];

function inferIf(context: InferContext): readonly InferredOutput[] | undefined {
  const { dtype } = context.input(0);
  if (dtype !== 'bool') context.fail(`takes a condition of bool, not ${dtype}`);
  const taken = regionOf(context, 'then_branch');
  const other = regionOf(context, 'else_branch');
  if (taken.outputs.length !== other.outputs.length) {
    const [one, two] = [taken.outputs.length, other.outputs.length];
    context.fail(`has branches of ${one} and of ${two} outputs`);
  }
  return allKnown(
    taken.outputs.map(({ value }, i) => joined(context, i, value, other.outputs[i]?.value)),
  );
}

function inferLoop(context: InferContext): readonly InferredOutput[] | undefined {
  const { node } = context;
  const carried = Math.max(0, node.inputs.length - 2);
  const body = bodyOf(context, carried + 2, carried + 1);
  const turns = turnsOf(node) ?? context.unknownDim('turns');
  return allKnown(
    body.outputs.slice(1).map(({ value }, i) => {
      if (i < carried) return joined(context, i, node.inputs[i + 2], value);
      return value.type && { dtype: value.type.dtype, dims: [turns, ...value.type.dims] };
    }),
  );
}

/** Where a loop may end early, what it stacks has the size of the turns that it took. */
function mostDimsOfLoop(context: InferContext): readonly (readonly Dim[])[] {
  const most = mostTurnsOf(context.node);
  const carried = Math.max(0, context.node.inputs.length - 2);
  // Exporters write the largest integer where they have no limit.
  if (most === undefined || most > mostStacked) return [];
  const given = context.node.regions.body?.outputs.slice(1) ?? [];
  return given.map(({ value }, i) =>
    i < carried || value.type === undefined ? [] : [most, ...value.type.dims],
  );
}

const mostStacked = 2 ** 31 - 1;

function inferScan(context: InferContext): readonly InferredOutput[] | undefined {
  const { node } = context;
  const scanned = context.int('num_scan_inputs');
  const states = node.inputs.length - scanned;
  if (scanned < 1 || states < 0) {
    context.fail(`scans ${scanned} of ${node.inputs.length} inputs`);
  }
  const body = bodyOf(context, node.inputs.length, states);
  const inputAxes = context.optionalInts('scan_input_axes') ?? [];
  const length = node.inputs.slice(states).reduce<Dim | undefined>((known, _, i) => {
    const { dims } = context.input(states + i);
    const dim = dimAt(context, dims, context.axis(inputAxes[i] ?? 0, dims.length));
    return known === undefined ? dim : requireSameDim(context, known, dim, 'lengths');
  }, undefined);
  const outputAxes = context.optionalInts('scan_output_axes') ?? [];
  return allKnown(
    body.outputs.map(({ value }, i) => {
      if (i < states) return joined(context, i, node.inputs[i], value);
      if (value.type === undefined || length === undefined) return undefined;
      const { dtype, dims } = value.type;
      const axis = context.axis(outputAxes[i - states] ?? 0, dims.length + 1);
      return { dtype, dims: dims.toSpliced(axis, 0, length) };
    }),
  );
}

function bodyOf(context: InferContext, inputs: number, leastOutputs: number): Graph {
  const body = regionOf(context, 'body');
  if (body.inputs.length !== inputs) {
    context.fail(`has a body of ${body.inputs.length} inputs, not ${inputs}`);
  }
  if (body.outputs.length < leastOutputs) {
    context.fail(`has a body of ${body.outputs.length} outputs, which lacks some`);
  }
  return body;
}

function regionOf(context: InferContext, name: string): Graph {
  const { regions } = context.node;
  const region = Object.hasOwn(regions, name) ? regions[name] : undefined;
  return region ?? context.fail(`lacks its graph ${name}`);
}

/** The type of output `index` that is either value; undefined where they have none in common. */
function joined(
  context: InferContext,
  index: number,
  a: Value | undefined,
  b: Value | undefined,
): InferredOutput | undefined {
  if (a?.type === undefined || b?.type === undefined) return undefined;
  const dims = commonDims(context, index, a.type, b.type);
  if (dims === undefined) return undefined;
  const { dtype } = a.type;
  const known = a.elements && b.elements && dimsEqual(a.elements, b.elements);
  return known && a.elements ? { dtype, dims, elements: a.elements } : { dtype, dims };
}

function commonDims(
  context: InferContext,
  index: number,
  a: TensorType,
  b: TensorType,
): readonly Dim[] | undefined {
  if (a.dtype !== b.dtype || a.dims.length !== b.dims.length) return undefined;
  return a.dims.map((dim, axis) => {
    const other = b.dims[axis];
    if (other !== undefined && dimEquals(dim, other)) return dim;
    return context.unknownDim(index === 0 ? axis : `${index}.${axis}`);
  });
}

/** All outputs, or nothing where one of them has no type: a sequence, or branches of different ranks. */
function allKnown(
  outputs: readonly (InferredOutput | undefined)[],
): readonly InferredOutput[] | undefined {
  const known = outputs.filter((output) => output !== undefined);
  return known.length === outputs.length ? known : undefined;
}

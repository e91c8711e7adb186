/**
 * `If` and `Loop` as steps that hold others. A branch computes what it can in the memory of the op's outputs,
 * and copies the rest there.
 *
 * Values that a loop carries from turn to turn lie in the memory of its outputs, where the body finds them: they
 * are copied in before the first turn, and at the end of each from where the body has computed the
 * next ones. What is stacked is stored at the index of the turn.
 */

import {
  type Graph,
  integersOf,
  mayStopEarly,
  type Node,
  type Value,
  valuesReadBy,
} from '@whittle/ir';
import { literal } from '../expr.js';
import type { View } from '../view.js';
import { liesInMemory, origin } from './axis-loops.js';
import type { ControlContext, ControlRule, PlacedMemory } from './control-context.js';
import { requireInput } from './element-context.js';
import { writeElementLoops } from './element-loops.js';
import { fillHalo } from './fill-halo.js';
import { positionFromData } from './index-math.js';
import type { Destination } from './rule.js';

export const controlFlowRules: Readonly<Record<string, ControlRule>> = {
  If: lowerIf,
  Loop: lowerLoop,
};

function lowerIf(context: ControlContext): void {
  const { node } = context;
  const { view } = context.memoryOf(requireInput(node, 0));
  const branch = (name: string) => {
    const region = regionOf(node, name);
    const results = region.outputs.flatMap(({ value }, i) => {
      const output = node.outputs[i];
      return output === undefined ? [] : [{ value, memory: context.memoryOf(output) }];
    });
    const placeable = new Set(context.placedAnywhere(region));
    for (const { value, memory } of results) {
      // Of a value that is wanted in two places, the first.
      if (placeable.delete(value)) context.place(value, memory);
    }
    return context.stepsOf(region, () => {
      for (const { value, memory } of results) {
        const isThere =
          value.constant === undefined && context.memoryOf(value).view === memory.view;
        if (!isThere) copyValue(context, value, memory);
      }
    });
  };
  const [then, otherwise] = [branch('then_branch'), branch('else_branch')];
  context.add({ kind: 'if', condition: context.argument(view), then, otherwise });
}

interface Result {
  readonly value: Value;
  /** Where it is wanted. */
  readonly memory: PlacedMemory;
}

function lowerLoop(context: ControlContext): void {
  const { node } = context;
  const body = regionOf(node, 'body');
  const counter = ownMemory(context, body.inputs[0]);
  const condition = ownMemory(context, body.inputs[1]);
  const stopsEarly = mayStopEarly(node);
  const [limit, given] = node.inputs;
  const known = limit && integersOf(limit)?.[0];
  // Exporters write the largest int64 for no limit.
  const isUnlimited = limit === undefined || (known !== undefined && known >= 2 ** 53);
  if (isUnlimited && !stopsEarly) context.unsupported('never ends');
  if (stopsEarly || isRead(body.inputs[1], body)) setCondition(context, given, condition.view);
  const carried = enter(context, body);
  const next = [...(stopsEarly ? [condition] : []), ...carried].map((memory, i): Result => {
    const value = body.outputs[stopsEarly ? i : i + 1]?.value;
    return { value: value ?? context.unsupported('has a body that lacks outputs'), memory };
  });
  const stacked = body.outputs.slice(1 + carried.length).flatMap(({ value }, i): Stack[] => {
    const output = node.outputs[carried.length + i];
    return output === undefined ? [] : [{ value, output, memory: context.memoryOf(output) }];
  });
  for (const { output, memory } of stacked) {
    if (context.isSizedByRun(output)) clear(context, memory.view);
  }
  const steps = context.stepsOf(body, () => {
    for (const { value, memory } of stacked) stack(context, value, counter.view, memory.view);
    carryOver(context, next);
  });
  const fed = () => limit && context.argument(context.memoryOf(limit).view);
  const end = isUnlimited ? undefined : known === undefined ? fed() : Math.max(known, 0);
  context.add({
    kind: 'repeat',
    counter: context.argument(counter.view),
    ...(end !== undefined && { limit: end }),
    ...(stopsEarly && { condition: context.argument(condition.view) }),
    steps,
  });
  for (const { output, memory } of stacked) {
    context.setSize(output, counter.view);
    surround(context, memory);
  }
}

interface Stack extends Result {
  readonly output: Value;
}

/** Writes zeros, which stay where no turn stores anything. */
function clear(context: ControlContext, view: View): void {
  context.launch('clear', (kernel) => {
    const target = kernel.destination(view);
    writeElementLoops(kernel.block, target, () => literal(view.dtype, 0));
  });
}

/** Memory for what a body takes that is of the loop itself. */
function ownMemory(context: ControlContext, value: Value | undefined): PlacedMemory {
  if (value === undefined) return context.unsupported('has a body without counter or condition');
  const memory = { view: context.allocate(value), halo: undefined };
  context.place(value, memory);
  return memory;
}

/** Copies in what the loop carries; gives where each turn finds it. */
function enter(context: ControlContext, body: Graph): readonly PlacedMemory[] {
  const { inputs, outputs } = context.node;
  return body.inputs.slice(2).map((value, i): PlacedMemory => {
    const output = outputs[i];
    const memory = output
      ? context.memoryOf(output)
      : { view: context.allocate(value), halo: undefined };
    const entered = inputs[i + 2] ?? context.unsupported(`lacks its input ${i + 2}`);
    copyValue(context, entered, memory);
    context.place(value, memory);
    return memory;
  });
}

function regionOf(node: Node, name: string): Graph {
  return node.regions[name] ?? { name, inputs: [], outputs: [], nodes: [], metadata: {} };
}

/** Whether the body makes use of the condition that it takes, beside passing it on. */
function isRead(condition: Value | undefined, { nodes, outputs }: Graph): boolean {
  const isOutput = outputs.slice(1).some(({ value }) => value === condition);
  return isOutput || nodes.some((node) => valuesReadBy(node).some((value) => value === condition));
}

/** Without a condition that is given it holds. */
function setCondition(context: ControlContext, given: Value | undefined, view: View): void {
  context.launch('condition', (kernel) => {
    const to = kernel.destination(view);
    const from = given && kernel.operand(given);
    const holds = from ? from.read(kernel.block, origin(from.dims)) : literal('bool', 1);
    to.store(kernel.block, origin(view.dims), holds);
  });
}

/**
 * Copies what a turn has computed to where the next one finds it. What lies where another copy goes is saved
 * first.
 */
function carryOver(context: ControlContext, next: readonly Result[]): void {
  const targets = new Set(next.map(({ memory }) => memory.view.buffer));
  const copies = next.flatMap(({ value, memory }): Copy[] => {
    const from = value.constant === undefined ? context.memoryOf(value).view : undefined;
    if (from === memory.view) return [];
    if (from === undefined || !targets.has(from.buffer)) return [{ from: value, memory }];
    const saved = context.allocate(value);
    copyValue(context, value, { view: saved, halo: undefined });
    return [{ from: saved, memory }];
  });
  for (const copy of copies) copyValue(context, copy.from, copy.memory);
}

interface Copy {
  readonly from: Value | View;
  readonly memory: PlacedMemory;
}

/** Copies a value, or what lies somewhere, and writes the zeros around it. */
function copyValue(
  context: ControlContext,
  from: Value | View,
  { view, halo }: PlacedMemory,
): void {
  context.launch('copy', (kernel) => {
    const source = 'buffer' in from ? kernel.memory(from) : kernel.operand(from);
    const target = kernel.destination(view);
    if (source.dims.length === view.dims.length) {
      const lies = liesInMemory(source) ? source.view : undefined;
      writeElementLoops(kernel.block, target, source.read, lies);
    } else {
      // One element, in a tensor of rank 0 here and of rank 1 there.
      const element = source.read(kernel.block, origin(source.dims));
      target.store(kernel.block, origin(view.dims), element);
    }
    fillHalo(kernel.block, target, halo);
  });
}

/** Stores a value at the index of the turn. */
function stack(context: ControlContext, value: Value, counter: View, view: View): void {
  const [count = 0, ...dims] = view.dims;
  if (count === 0) return;
  context.launch('stack', (kernel) => {
    const turns = kernel.memory(counter, 'turn');
    const turn = positionFromData(
      kernel.block,
      turns.read(kernel.block, origin(counter.dims)),
      count,
    );
    const operand = kernel.operand(value);
    const whole = kernel.destination(view);
    const part: Destination = {
      ...whole,
      dims,
      view: { ...view, dims, strides: view.strides.slice(1) },
      store: (block, at, element) => whole.store(block, [turn, ...at], element),
    };
    writeElementLoops(kernel.block, part, operand.read);
  });
}

/** Writes the zeros around what has been stored. */
function surround(context: ControlContext, { view, halo }: PlacedMemory): void {
  if (halo === undefined) return;
  context.launch('fill_halo', (kernel) => fillHalo(kernel.block, kernel.destination(view), halo));
}

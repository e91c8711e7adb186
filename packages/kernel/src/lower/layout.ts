/**
 * Which layout each value gets if it is given memory of its own. Convolutions and pools want
 * channels-last, and what lies between them follows; the edges of the graph are row-major.
 */

import type { Graph, GraphUses, Node, Value } from '@whittle/ir';
import type { Capabilities } from '../schedule/capabilities.js';
import { isRowMajor, rowMajorStrides, type View } from '../view.js';
import {
  boundDims,
  contextWithoutOperands,
  elementTypeOf,
  requireInput,
} from './element-context.js';
import type { Demand, Halo } from './rule.js';
import { haloThrough, hasWholeHalo } from './shared-axes.js';
import { ruleOf } from './table.js';

export type Layout = 'row-major' | 'channels-last';

/** The layout of every node output, decided in one forward sweep. */
export function chooseLayouts(
  graph: Graph,
  uses: GraphUses,
  target: Capabilities,
): ReadonlyMap<Value, Layout> {
  const layouts = new Map<Value, Layout>();
  for (const node of graph.nodes) {
    const own = layoutOfOutputs(node, layouts);
    for (const value of node.outputs) {
      if (value === undefined) continue;
      const wished = demandsOn(value, uses, target).some(
        (demand) => demand.layout === 'channels-last',
      );
      layouts.set(value, uses.isOutput(value) ? 'row-major' : wished ? 'channels-last' : own);
    }
  }
  return layouts;
}

/** The demands that the consumers of a value make on its memory, also through views of it. */
export function demandsOn(
  value: Value,
  uses: GraphUses,
  target: Capabilities,
  depth = maxViews,
): Demand[] {
  const demands: Demand[] = [];
  for (const consumer of uses.consumersOf(value)) {
    const { demand, view } = ruleOf(consumer.op);
    consumer.inputs.forEach((input, i) => {
      const made = input === value ? demand?.(consumer, i, target) : undefined;
      if (made !== undefined) demands.push(made);
    });
    if (view === undefined || consumer.inputs[0] !== value || depth === 0) continue;
    for (const [output, seen] of consumer.outputs.entries()) {
      for (const made of seen ? demandsOn(seen, uses, target, depth - 1) : []) {
        const passed = demandThrough(consumer, output, made);
        if (passed !== undefined) demands.push(passed);
      }
    }
  }
  return demands;
}

/** Views of views of views are looked through; longer chains are not worth the time. */
const maxViews = 4;

/**
 * What a demand on a view asks of the memory that is viewed; undefined where channels-last memory
 * with zeros around it would not meet the demand.
 */
function demandThrough(node: Node, output: number, demand: Demand): Demand | undefined {
  if (demand.layout === 'row-major') return undefined;
  const memory = viewLaidOut(requireInput(node, 0), 'channels-last', undefined);
  const seen = viewThrough(node, output, memory);
  if (seen === undefined || !isChannelsLast(seen)) return undefined;
  const { layout, halo } = demand;
  if (halo === undefined) return { layout };
  return hasWholeHalo(seen, halo, memory)
    ? { layout, halo: haloThrough(seen, halo, memory) }
    : undefined;
}

/** A value in memory of its own that no buffer has been made for. */
export function viewLaidOut(value: Value, layout: Layout, halo: Halo | undefined): View {
  const dims = boundDims(value);
  const { strides, offset } = placeInMemory(dims, layout, halo);
  return { buffer: '', dtype: elementTypeOf(value), dims, strides, offset };
}

/** An output as strides over `memory`, where input 0 lies; undefined where its elements would move. */
export function viewThrough(node: Node, output: number, memory: View): View | undefined {
  return ruleOf(node.op).view?.(contextWithoutOperands(node), memory, output);
}

/** The smallest halo that contains all those demanded; undefined where none is. */
export function mergeHalos(demands: readonly Demand[]): Halo | undefined {
  let merged: Halo | undefined;
  for (const { halo } of demands) {
    if (halo === undefined || isEmptyHalo(halo)) continue;
    merged =
      merged === undefined
        ? halo
        : {
            before: merged.before.map((size, axis) => Math.max(size, halo.before[axis] ?? 0)),
            after: merged.after.map((size, axis) => Math.max(size, halo.after[axis] ?? 0)),
          };
  }
  return merged;
}

function isEmptyHalo(halo: Halo): boolean {
  return halo.before.every((size) => size === 0) && halo.after.every((size) => size === 0);
}

/** Whether memory lies as a reader demands. */
export function satisfies(view: View, halo: Halo | undefined, demand: Demand): boolean {
  if (demand.layout === 'row-major' && !isRowMajor(view)) return false;
  if (demand.layout === 'channels-last' && !isChannelsLast(view)) return false;
  return haloContains(halo, demand.halo);
}

/** Whether the channels of a pixel are adjacent; a single channel always is. */
function isChannelsLast(view: View): boolean {
  return view.dims.length < 3 || view.dims[1] === 1 || view.strides[1] === 1;
}

/** Whether `outer` leaves at least the room that `inner` asks for. */
function haloContains(outer: Halo | undefined, inner: Halo | undefined): boolean {
  if (inner === undefined || isEmptyHalo(inner)) return true;
  if (outer === undefined) return false;
  return (
    inner.before.every((size, axis) => size <= (outer.before[axis] ?? 0)) &&
    inner.after.every((size, axis) => size <= (outer.after[axis] ?? 0))
  );
}

export interface Placed {
  readonly strides: readonly number[];
  /** Elements from the start of the memory to index 0, past the leading halo. */
  readonly offset: number;
  readonly length: number;
}

/** Strides, offset and length of memory for `dims` in a layout, with a halo around. */
export function placeInMemory(
  dims: readonly number[],
  layout: Layout,
  halo: Halo | undefined,
): Placed {
  const order = layout === 'channels-last' ? channelsLastOrder(dims.length) : dims.map((_, i) => i);
  const before = (axis: number): number => halo?.before[axis] ?? 0;
  const padded = order.map((axis) => before(axis) + (dims[axis] ?? 1) + (halo?.after[axis] ?? 0));
  const dense = rowMajorStrides(padded);
  const strides = new Array<number>(dims.length).fill(0);
  let offset = 0;
  order.forEach((axis, place) => {
    const stride = dense[place] ?? 0;
    strides[axis] = stride;
    offset += before(axis) * stride;
  });
  return { strides, offset, length: padded.reduce((product, dim) => product * dim, 1) };
}

/** Axes from slowest to fastest: N, then the spatial axes, then C. */
function channelsLastOrder(rank: number): number[] {
  if (rank < 3) return Array.from({ length: rank }, (_, axis) => axis);
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

function layoutOfOutputs(node: Node, layouts: ReadonlyMap<Value, Layout>): Layout {
  const { layout } = ruleOf(node.op);
  if (layout !== undefined && layout !== 'follow') return layout;
  const rank = node.outputs[0]?.type?.dims.length;
  for (const input of node.inputs) {
    if (input === undefined || input.constant !== undefined) continue;
    if (input.type?.dims.length !== rank) continue;
    return layouts.get(input) ?? 'row-major';
  }
  return 'row-major';
}

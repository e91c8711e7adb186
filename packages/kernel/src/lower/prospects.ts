/**
 * What placement knows of values before it has placed any: who would be inlined, which memory each
 * would like, and whether the output of a view op would be served by a view of its input.
 */

import { type Graph, type GraphUses, type Node, traitsOf, type Value } from '@whittle/ir';
import type { Capabilities } from '../schedule/capabilities.js';
import { isRowMajor, type View } from '../view.js';
import { requireInput, requireOutput } from './element-context.js';
import {
  chooseLayouts,
  demandsOn,
  type Layout,
  mergeHalos,
  satisfies,
  viewLaidOut,
  viewThrough,
} from './layout.js';
import type { Demand, Halo } from './rule.js';
import { haloThrough } from './shared-axes.js';
import { ruleOf } from './table.js';

export interface Prospects {
  readonly uses: GraphUses;
  /** What memory of its own a value would get. */
  wishesOf(value: Value): { readonly layout: Layout; readonly halo: Halo | undefined };
  demandsOn(value: Value): readonly Demand[];
  /** Whether a value would be computed where it is read. */
  isInlined(value: Value): boolean;
}

export function prospectsOf(graph: Graph, uses: GraphUses, target: Capabilities): Prospects {
  const layouts = chooseLayouts(graph, uses, target);
  const known = new Map<Value, readonly Demand[]>();
  const demandsOnValue = (value: Value): readonly Demand[] => {
    const demands = known.get(value) ?? demandsOn(value, uses, target);
    known.set(value, demands);
    return demands;
  };
  return {
    uses,
    wishesOf: (value) => ({
      layout: layouts.get(value) ?? 'row-major',
      // An output is dense; what wants zeros around it reads a copy.
      halo: uses.isOutput(value) ? undefined : mergeHalos(demandsOnValue(value)),
    }),
    demandsOn: demandsOnValue,
    isInlined: (value) => {
      const producer = uses.producerOf(value);
      return producer !== undefined && mayInline(producer, value, uses);
    },
  };
}

function mayInline(node: Node, value: Value, uses: GraphUses): boolean {
  const rule = ruleOf(node.op);
  const { fusion } = traitsOf(node.op);
  const cheap = fusion === 'elementwise' || fusion === 'injective' || fusion === 'view';
  if (rule.element === undefined || rule.parts !== undefined || !cheap) return false;
  const readers = uses.consumersOf(value);
  if (readers.length === 0 || uses.isOutput(value)) return false;
  if (readers.length > 1 && !rule.isCheap) return false;
  return readers.every((reader) => readsOnce(reader, value) && !isRepeated(reader, uses));
}

/** Whether what a node gives is computed where several others read it. */
function isRepeated({ op, outputs }: Node, uses: GraphUses): boolean {
  if (!ruleOf(op).isCheap) return false;
  return outputs.some((output) => output !== undefined && uses.consumersOf(output).length > 1);
}

function readsOnce(reader: Node, value: Value): boolean {
  const readAt = reader.inputs.flatMap((input, i) => (input === value ? [i] : []));
  const [at, again] = readAt;
  if (at === undefined || again !== undefined) return false;
  return ruleOf(reader.op).reads?.(reader, at) === 'once';
}

/** Memory, and the zeros around it. */
export interface HaloedView {
  readonly view: View;
  readonly halo: Halo | undefined;
}

/** Where a value would lie in memory of its own. */
export function memoryOf(value: Value, prospects: Prospects): HaloedView {
  const { layout, halo } = prospects.wishesOf(value);
  return { view: viewLaidOut(value, layout, halo), halo };
}

/** Whether the output of a view op would need no copy if its input lay as it likes. */
export function isViewEnough(node: Node, prospects: Prospects): boolean {
  const output = requireOutput(node, 0);
  const seen = seenThrough(node, 0, prospects);
  if (seen === undefined) return prospects.isInlined(output);
  if (prospects.uses.isOutput(output)) return isRowMajor(seen.view);
  return prospects.demandsOn(output).every((demand) => satisfies(seen.view, seen.halo, demand));
}

/** An output of a view op over its input's memory; undefined where strides cannot say it. */
function seenThrough(node: Node, output: number, prospects: Prospects): HaloedView | undefined {
  const { view, halo } = memoryBehind(requireInput(node, 0), prospects);
  const seen = viewThrough(node, output, view);
  return seen && { view: seen, halo: halo && haloThrough(view, halo, seen) };
}

/** Where a value would lie: through the view ops that make it, or in memory of its own. */
function memoryBehind(value: Value, prospects: Prospects): HaloedView {
  const producer = prospects.uses.producerOf(value);
  const isViewed = producer !== undefined && ruleOf(producer.op).view !== undefined;
  const seen = isViewed
    ? seenThrough(producer, producer.outputs.indexOf(value), prospects)
    : undefined;
  return seen ?? memoryOf(value, prospects);
}

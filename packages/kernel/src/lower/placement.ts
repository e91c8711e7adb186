/**
 * Placement: for each value, whether it is inlined into its reader, is a view of other memory, a
 * part of a larger value, or gets memory of its own, and in which layout with which halo.
 *
 * A value is inlined when its op is cheap to repeat per element, it has one reader, and that reader
 * reads each element once. A part is placed inside the value assembled from it, so that a
 * concatenation runs no code.
 */

import {
  CompilerError,
  type Graph,
  type GraphUses,
  type Node,
  traitsOf,
  type Value,
} from '@whittle/ir';
import type { Space } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { isRowMajor, type View } from '../view.js';
import { boundDims, elementContext, elementTypeOf, requireOutput } from './element-context.js';
import { chooseLayouts, demandsOn, type Layout, mergeHalos, placeInMemory } from './layout.js';
import { chooseParents, partViews, sharedHalo, wholesAround } from './parts.js';
import { maxElements, tooLarge } from './refuse-unsupported.js';
import type { ElementType, Halo } from './rule.js';
import { ruleOf } from './table.js';

export interface BufferDraft {
  readonly name: string;
  readonly space: Space;
  readonly dtype: ElementType;
  readonly length: number;
}

export interface Placement {
  /** Values in memory: inputs, and outputs that are neither inlined nor unused. */
  readonly views: Map<Value, View>;
  /** Values computed where they are read. */
  readonly inlined: ReadonlyMap<Value, Node>;
  /** Values that are another's memory under other strides; nothing runs for them. */
  readonly aliases: ReadonlySet<Value>;
  /** The zeros around values that have them. */
  readonly halos: ReadonlyMap<Value, Halo>;
  readonly buffers: BufferDraft[];
}

export function placeValues(graph: Graph, uses: GraphUses, target: Capabilities): Placement {
  const layouts = chooseLayouts(graph, uses, target);
  // An output is dense; what wants zeros around it reads a copy.
  const haloOf = (value: Value): Halo | undefined =>
    uses.isOutput(value) ? undefined : mergeHalos(demandsOn(value, uses, target));
  const parents = chooseParents(graph, uses, haloOf);
  const views = new Map<Value, View>();
  const inlined = new Map<Value, Node>();
  const aliases = new Set<Value>();
  const halos = new Map<Value, Halo>();
  const buffers: BufferDraft[] = [];
  const sizes = new Map<Value, number>();
  const partIn = partViews();

  /** Gives memory to a value and to what it is part of, the largest whole first. */
  const place = (value: Value): void => {
    for (const each of wholesAround(value, parents, views)) {
      const parent = parents.get(each);
      const whole = parent && views.get(parent.whole);
      const halo = parent ? sharedHalo(parent.whole, each, halos) : haloOf(each);
      if (halo !== undefined) halos.set(each, halo);
      const layout = layouts.get(each) ?? 'row-major';
      views.set(
        each,
        parent && whole ? partIn(parent, whole) : newMemory(each, layout, halo, buffers),
      );
    }
  };

  for (const input of graph.inputs) {
    views.set(input, newMemory(input, 'row-major', undefined, buffers));
  }
  for (const node of graph.nodes) {
    for (const [output, value] of node.outputs.entries()) {
      if (value === undefined) continue;
      const alias = aliasOf(node, output, views, uses);
      if (alias !== undefined) {
        views.set(value, alias);
        aliases.add(value);
        continue;
      }
      const size =
        1 + node.inputs.reduce((sum, input) => sum + (input ? (sizes.get(input) ?? 0) : 0), 0);
      if (!parents.has(value) && size <= maxInlinedNodes && mayInline(node, value, uses)) {
        inlined.set(value, node);
        sizes.set(value, size);
      } else {
        place(value);
      }
    }
  }
  return { views, inlined, aliases, halos, buffers };
}

/** New memory for a value. */
export function newMemory(
  value: Value,
  layout: Layout,
  halo: Halo | undefined,
  buffers: BufferDraft[],
): View {
  const tensor = { name: value.name, dtype: elementTypeOf(value), dims: boundDims(value) };
  return allocate(tensor, layout, halo, buffers);
}

interface TensorDraft {
  /** For messages. */
  readonly name: string;
  readonly dtype: ElementType;
  readonly dims: readonly number[];
}

/** A new buffer, named by its number, never after the model's strings. */
export function allocate(
  { name, dtype, dims }: TensorDraft,
  layout: Layout,
  halo: Halo | undefined,
  buffers: BufferDraft[],
): View {
  const { strides, offset, length } = placeInMemory(dims, layout, halo);
  if (length > maxElements) throw tooLarge(name, length);
  const buffer = `b${buffers.length}`;
  buffers.push({ name: buffer, space: 'arena', dtype, length });
  return { buffer, dtype, dims, strides, offset };
}

/** Longer chains of inlined ops get a kernel of their own, to bound the size of a kernel. */
const maxInlinedNodes = 48;

function aliasOf(
  node: Node,
  output: number,
  views: ReadonlyMap<Value, View>,
  uses: GraphUses,
): View | undefined {
  const { view } = ruleOf(node.op);
  const [input] = node.inputs;
  const memory = input === undefined ? undefined : views.get(input);
  if (view === undefined || memory === undefined) return undefined;
  const context = elementContext(node, () => contextWithoutOperands(node));
  const alias = view(context, memory, output);
  if (alias === undefined) return undefined;
  return uses.isOutput(requireOutput(node, output)) && !isRowMajor(alias) ? undefined : alias;
}

function mayInline(node: Node, value: Value, uses: GraphUses): boolean {
  const rule = ruleOf(node.op);
  const { fusion } = traitsOf(node.op);
  const cheap = fusion === 'elementwise' || fusion === 'injective' || fusion === 'view';
  if (rule.element === undefined || rule.parts !== undefined || !cheap) return false;
  const [reader, ...others] = uses.consumersOf(value);
  if (reader === undefined || others.length > 0 || uses.isOutput(value)) return false;
  const readAt = reader.inputs.flatMap((input, i) => (input === value ? [i] : []));
  const [at, again] = readAt;
  if (at === undefined || again !== undefined) return false;
  return ruleOf(reader.op).reads?.(reader, at) === 'once';
}

function contextWithoutOperands(node: Node): never {
  throw new CompilerError('E_INTERNAL', `The placement rule of ${node.op} reads an element.`);
}

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
import {
  chooseLayouts,
  demandsOn,
  haloContains,
  haloOfPart,
  type Layout,
  mergeHalos,
  placeInMemory,
} from './layout.js';
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
  const haloOf = (value: Value): Halo | undefined => mergeHalos(demandsOn(value, uses, target));
  const parents = chooseParents(graph, uses, haloOf);
  const views = new Map<Value, View>();
  const inlined = new Map<Value, Node>();
  const aliases = new Set<Value>();
  const halos = new Map<Value, Halo>();
  const buffers: BufferDraft[] = [];
  const sizes = new Map<Value, number>();

  const allocate = (value: Value, layout: Layout, halo: Halo | undefined): View => {
    const known = views.get(value);
    if (known !== undefined) return known;
    const parent = parents.get(value);
    const view =
      parent === undefined
        ? newMemory(value, layout, halo, buffers)
        : partOf(
            parent,
            value,
            allocate(parent.whole, layoutOf(parent.whole), haloOf(parent.whole)),
          );
    const around = parent === undefined ? halo : sharedHalo(parent.whole, value, halos);
    views.set(value, view);
    if (around !== undefined) halos.set(value, around);
    return view;
  };
  const layoutOf = (value: Value): Layout => layouts.get(value) ?? 'row-major';

  for (const input of graph.inputs) allocate(input, 'row-major', undefined);
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
        allocate(value, layoutOf(value), haloOf(value));
      }
    }
  }
  return { views, inlined, aliases, halos, buffers };
}

/** New memory for a value; the buffer is named after its number, never after the model's strings. */
export function newMemory(
  value: Value,
  layout: Layout,
  halo: Halo | undefined,
  buffers: BufferDraft[],
): View {
  const dims = boundDims(value);
  const dtype = elementTypeOf(value);
  const { strides, offset, length } = placeInMemory(dims, layout, halo);
  if (length > maxElements) {
    throw new CompilerError('E_LIMIT_SIZE', `"${value.name}" has ${length} elements.`, {
      hint: `A tensor may have at most ${maxElements} elements, padding included.`,
      where: { tensor: value.name },
    });
  }
  const buffer = `b${buffers.length}`;
  buffers.push({ name: buffer, space: 'arena', dtype, length });
  return { buffer, dtype, dims, strides, offset };
}

/** Positions must stay below 2^31, in elements; the arena's bytes are checked when it is planned. */
const maxElements = 2 ** 31 - 1;

/** Longer chains of inlined ops get a kernel of their own, to bound the size of a kernel. */
const maxInlinedNodes = 48;

/** The value that another is part of, and the node that assembles it. */
interface Parent {
  readonly node: Node;
  readonly whole: Value;
  readonly input: number;
}

/** Backward, so that a part of a part finds its place in the largest whole. */
function chooseParents(
  graph: Graph,
  uses: GraphUses,
  haloOf: (value: Value) => Halo | undefined,
): ReadonlyMap<Value, Parent> {
  const parents = new Map<Value, Parent>();
  for (const node of [...graph.nodes].reverse()) {
    if (ruleOf(node.op).parts === undefined) continue;
    const whole = requireOutput(node, 0);
    node.inputs.forEach((value, input) => {
      if (value === undefined || parents.has(value) || uses.isOutput(value)) return;
      const producer = uses.producerOf(value);
      if (producer === undefined || traitsOf(producer.op).fusion === 'view') return;
      if (node.inputs.filter((other) => other === value).length > 1) return;
      if (!haloContains(haloOf(whole), haloOf(value))) return;
      parents.set(value, { node, whole, input });
    });
  }
  return parents;
}

function partOf(parent: Parent, value: Value, whole: View): View {
  const context = elementContext(parent.node, () => contextWithoutOperands(parent.node));
  const part = ruleOf(parent.node.op).parts?.(context, whole)[parent.input];
  if (part === undefined) {
    throw new CompilerError('E_INTERNAL', `${parent.node.op} gives no place to "${value.name}".`);
  }
  return part;
}

function sharedHalo(whole: Value, part: Value, halos: ReadonlyMap<Value, Halo>): Halo | undefined {
  const halo = halos.get(whole);
  return halo && haloOfPart(halo, boundDims(whole), boundDims(part));
}

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

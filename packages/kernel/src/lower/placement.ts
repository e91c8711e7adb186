/**
 * Placement: for each value, whether it is inlined into its reader, is a view of other memory, a
 * part of a larger value, or gets memory of its own, and in which layout with which halo.
 *
 * A value is inlined when its op is cheap to repeat per element, it has one reader, and that reader
 * reads each element once. A part is placed inside the value assembled from it, so that a
 * concatenation runs no code.
 */

import type { Graph, GraphUses, Node, Value } from '@whittle/ir';
import type { Space } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { isRowMajor, type View } from '../view.js';
import { boundDims, elementTypeOf } from './element-context.js';
import { type Layout, placeInMemory, viewThrough } from './layout.js';
import { chooseParents, type Parent, wholesAround } from './parts.js';
import { type Prospects, prospectsOf } from './prospects.js';
import { maxElements, tooLarge } from './refuse-unsupported.js';
import type { ElementType, Halo } from './rule.js';
import { haloThrough } from './shared-axes.js';
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
  readonly inlined: Map<Value, Node>;
  /** Values that are another's memory under other strides; nothing runs for them. */
  readonly aliases: Set<Value>;
  /** The zeros around values that have them. */
  readonly halos: Map<Value, Halo>;
  readonly buffers: BufferDraft[];
}

/** `around` is the placement of the graph around a region; it is added to, and what has a place keeps it. */
export function placeValues(
  graph: Graph,
  uses: GraphUses,
  target: Capabilities,
  around?: Placement,
): Placement {
  const prospects = prospectsOf(graph, uses, target);
  const placing = new Placing(prospects, chooseParents(graph, prospects), around);
  for (const input of graph.inputs) placing.input(input);
  for (const node of graph.nodes) placing.outputsOf(node);
  return placing;
}

/**
 * The values of a graph that are computed wherever they are to lie: not what may be a view of other memory, or
 * has others computed inside of it where it lies as it likes.
 */
export function placedAnywhere({ nodes }: Graph): ReadonlySet<Value> {
  const computed = nodes.filter(({ op }) => {
    const { view, inverse, parts } = ruleOf(op);
    return view === undefined && inverse === undefined && parts === undefined;
  });
  return new Set(computed.flatMap(({ outputs }) => outputs.filter((value) => value !== undefined)));
}

/** Longer chains of inlined ops get a kernel of their own, to bound the size of a kernel. */
const maxInlinedNodes = 48;

/** The state of one placement: what has its place so far. */
class Placing implements Placement {
  readonly views: Map<Value, View>;
  readonly inlined: Map<Value, Node>;
  readonly aliases: Set<Value>;
  readonly halos: Map<Value, Halo>;
  readonly buffers: BufferDraft[];
  readonly #prospects: Prospects;
  readonly #parents: ReadonlyMap<Value, Parent>;
  /** How many nodes an inlined value takes. */
  readonly #sizes = new Map<Value, number>();

  constructor(
    prospects: Prospects,
    parents: ReadonlyMap<Value, Parent>,
    around: Placement | undefined,
  ) {
    this.#prospects = prospects;
    this.#parents = parents;
    this.views = around?.views ?? new Map();
    this.inlined = around?.inlined ?? new Map();
    this.aliases = around?.aliases ?? new Set();
    this.halos = around?.halos ?? new Map();
    this.buffers = around?.buffers ?? [];
  }

  input(value: Value): void {
    if (this.views.has(value)) return;
    this.views.set(value, newMemory(value, 'row-major', undefined, this.buffers));
  }

  outputsOf(node: Node): void {
    for (const [output, value] of node.outputs.entries()) {
      if (value !== undefined) this.#output(node, output, value);
    }
  }

  #output(node: Node, output: number, value: Value): void {
    const [input] = node.inputs;
    if (input !== undefined && this.#isViewOfPart(node, input)) {
      this.aliases.add(value);
      return;
    }
    const alias = this.#aliasOf(node, output, value);
    if (alias !== undefined && input !== undefined) {
      this.#setView(value, alias, input);
      this.aliases.add(value);
      return;
    }
    const size = node.inputs.reduce(
      (sum, each) => sum + (each === undefined ? 0 : (this.#sizes.get(each) ?? 0)),
      1,
    );
    const fits = size <= maxInlinedNodes && !this.#parents.has(value);
    if (fits && this.#prospects.isInlined(value)) {
      this.inlined.set(value, node);
      this.#sizes.set(value, size);
    } else {
      this.#place(value);
    }
  }

  /** Whether the output of a view op has its memory already, because the input is a part of it. */
  #isViewOfPart(node: Node, input: Value): boolean {
    return ruleOf(node.op).inverse !== undefined && this.#parents.get(input)?.node === node;
  }

  #aliasOf(node: Node, output: number, value: Value): View | undefined {
    const [input] = node.inputs;
    const memory = input === undefined ? undefined : this.views.get(input);
    const alias = memory && viewThrough(node, output, memory);
    if (alias === undefined) return undefined;
    return this.#prospects.uses.isOutput(value) && !isRowMajor(alias) ? undefined : alias;
  }

  /** Gives memory to a value and to what it is part of, the largest whole first. */
  #place(value: Value): void {
    for (const each of wholesAround(value, this.#parents, this.views)) {
      const parent = this.#parents.get(each);
      const whole = parent && this.views.get(parent.whole);
      const part = whole && parent.viewIn(whole);
      if (parent !== undefined && part !== undefined) {
        this.#setView(each, part, parent.whole);
        continue;
      }
      const { layout, halo } = this.#prospects.wishesOf(each);
      this.views.set(each, newMemory(each, layout, halo, this.buffers));
      if (halo !== undefined) this.halos.set(each, halo);
    }
  }

  /** A view of another value's memory has around it what it sees of that value's zeros. */
  #setView(value: Value, view: View, of: Value): void {
    this.views.set(value, view);
    const memory = this.views.get(of);
    const halo = this.halos.get(of);
    if (memory && halo) this.halos.set(value, haloThrough(memory, halo, view));
  }
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

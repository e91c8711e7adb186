/**
 * Graph → Program, read top to bottom: refuse what cannot run, place every value, write one kernel
 * for each node that is not inlined or a view, and lay out memory.
 */

import {
  CompilerError,
  constantsOf,
  type Graph,
  type GraphUses,
  indexUses,
  isBound,
  type Node,
  type Output,
  type Value,
} from '@whittle/ir';
import type { Block } from '../block.js';
import { cast } from '../expr.js';
import { halfFormats } from '../interpret/memory.js';
import { assembleProgram } from '../memory/assemble-program.js';
import { ConstantPool } from '../memory/constant-pool.js';
import { alignUp } from '../memory/plan-arena.js';
import type { ProgramDraft } from '../memory/program-draft.js';
import type { Port, Program } from '../program.js';
import type { Capabilities } from '../schedule/capabilities.js';
import { isRowMajor, type View } from '../view.js';
import { liesInMemory, origin } from './axis-loops.js';
import type { ControlContext } from './control-context.js';
import { type BoundGraph, boundSizes } from './dynamic-sizes.js';
import { boundDims, elementTypeOf, requireInput, requireOutput } from './element-context.js';
import { writeElementLoops } from './element-loops.js';
import { fillHalo } from './fill-halo.js';
import { KernelDraft, stemOf, type ValueSource } from './kernel-draft.js';
import { demandsOn, mergeHalos, satisfies } from './layout.js';
import { allocate, newMemory, type Placement, placedAnywhere, placeValues } from './placement.js';
import { PreparedBuffers } from './prepared-buffers.js';
import { refuseUnsupported } from './refuse-unsupported.js';
import type { Halo, KernelContext, Preparation } from './rule.js';
import { RunSizes } from './run-sizes.js';
import { haloThrough } from './shared-axes.js';
import { StepWriter } from './step-writer.js';
import { controlRuleOf, ruleOf } from './table.js';

export interface LowerOptions {
  /** Hears a sentence about each thing that the program does not keep as the model has it. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Lowers a graph whose dims are all bound, or made by its ops.
 * @throws {CompilerError} `E_UNSUPPORTED_OP` listing every op without a rule, `E_UNBOUND_DIM`,
 * `E_UNSUPPORTED_FEATURE`, `E_LIMIT_SIZE`.
 */
export function lowerGraph(
  written: Graph,
  target: Capabilities,
  { onWarning }: LowerOptions = {},
): Program {
  const { graph, dimsOf } = boundSizes(written);
  refuseUnsupported(graph, target);
  const uses = indexUses(graph);
  const placement = placeValues(graph, uses, target);
  const expectedBytes = expectedConstantBytes(graph) / (target.grid?.halves ? 2 : 1);
  const lowering = new Lowering(uses, placement, target, expectedBytes, dimsOf);
  for (const node of graph.nodes) lowering.node(node);
  const outputs = graph.outputs.map((output) => lowering.output(output));
  const inputs = graph.inputs.map((input) => lowering.port(input.name, input));
  const { clamped } = lowering;
  if (clamped > 0) onWarning?.(`Weights clamped to ±65504, the most that halves hold: ${clamped}.`);
  return assembleProgram(lowering.finish(graph.name, inputs, outputs));
}

/** The state of one lowering: what has been written so far. */
class Lowering {
  /** Of the graph or region that is being written, as are the copies. */
  #uses: GraphUses;
  readonly #placement: Placement;
  readonly #target: Capabilities;
  readonly #constants: ConstantPool;
  readonly #preparedBuffers = new PreparedBuffers();
  readonly #steps: StepWriter;
  /** Copies made because a reader demanded another layout or a halo. */
  #copies = new Map<Value, { readonly view: View; readonly halo: Halo | undefined }>();
  readonly #source: ValueSource;
  readonly #sizes: RunSizes;

  constructor(
    uses: GraphUses,
    placement: Placement,
    target: Capabilities,
    expectedBytes: number,
    dimsOf: BoundGraph['dimsOf'],
  ) {
    this.#uses = uses;
    this.#placement = placement;
    this.#constants = new ConstantPool(expectedBytes, target.grid);
    this.#target = target;
    this.#steps = new StepWriter(target, (buffer) => this.#constants.place(buffer));
    this.#source = {
      viewOf: (value) => this.#viewOf(value),
      spaceOf: (buffer) => {
        if (this.#constants.has(buffer)) return 'constants';
        return this.#preparedBuffers.has(buffer) ? 'prepared' : 'arena';
      },
      inlinedNode: (value) => placement.inlined.get(value),
      dimsOf,
      viewOfSize: (name) => this.#sizes.viewOf(name),
    };
    this.#sizes = new RunSizes(this.#source, placement.buffers, (draft) =>
      this.#steps.launch(draft, 'size', 'size', 0),
    );
  }

  /** How many weights had to be clamped. */
  get clamped(): number {
    return this.#constants.clamped;
  }

  /** Writes what a node needs: nothing, the parts that are not in place, or a kernel. */
  node(node: Node): void {
    if (!node.outputs.some((value) => this.#isWritten(value))) return;
    const rule = ruleOf(node.op);
    const control = controlRuleOf(node.op);
    if (control !== undefined) control(this.#controlContext(node));
    else if (rule.parts !== undefined) this.#copyParts(node);
    else if (rule.kernel !== undefined && (rule.kernelTakes?.(node, this.#target) ?? true)) {
      this.#kernelNode(node, rule.kernel);
    } else this.#elementNode(node);
  }

  /** A model output: dense, row-major, copied if its value lies otherwise. */
  output({ name, value }: Output): Port {
    const { grid } = this.#target;
    // Constants are packed as the weights file has them, which memory of words is not.
    const isPacked = grid !== undefined && value.constant !== undefined;
    const view = this.#viewOf(value);
    // A GPU copies from multiples of four bytes, which every second half begins at.
    const begins = !grid?.halves || view.offset % 2 === 0;
    const isInPlace = isRowMajor(view) && !isPacked && begins;
    const port = this.port(name, value);
    const sizes = this.#sizes.ofPort(value);
    return {
      ...port,
      ...(isInPlace ? {} : { view: this.#copy(value, 'row-major', undefined) }),
      ...(sizes.length === 0 ? {} : { sizes }),
    };
  }

  port(name: string, value: Value): Port {
    const view = this.#viewOf(value);
    const buffer = this.#constants.place(view.buffer);
    return {
      name,
      dtype: elementTypeOf(value),
      dims: boundDims(value),
      view: { ...view, buffer },
    };
  }

  finish(name: string, inputs: readonly Port[], outputs: readonly Port[]): ProgramDraft {
    return {
      name,
      inputs,
      outputs,
      ...this.#steps.written(),
      buffers: this.#placement.buffers,
      prepared: this.#preparedBuffers.drafts(),
      placed: this.#constants.placed(),
      constants: this.#constants.bytes(),
      grid: this.#target.grid,
    };
  }

  #viewOf(value: Value): View {
    const known = this.#placement.views.get(value);
    if (known !== undefined) return known;
    if (value.constant === undefined) {
      throw new CompilerError('E_INTERNAL', `"${value.name}" is read but lies nowhere.`);
    }
    const view = this.#constants.addTensor(value.constant);
    this.#placement.views.set(value, view);
    return view;
  }

  /** The elements of a constant, if `float32` holds all of them. */
  #floatsOf(value: Value): ArrayLike<number> | undefined {
    const dtype = elementTypeOf(value);
    const data = this.#constants.dataOf(value);
    if (data === undefined || dtype === 'float32') return data;
    if (dtype !== 'float16' && dtype !== 'bfloat16') return undefined;
    return Float32Array.from(data, halfFormats[dtype].decode);
  }

  /** Whether an output has memory that its node must fill. */
  #isWritten(value: Value | undefined): value is Value {
    const { inlined, aliases } = this.#placement;
    return value !== undefined && !inlined.has(value) && !aliases.has(value);
  }

  #elementNode(node: Node): void {
    const { element } = ruleOf(node.op);
    for (const [output, value] of node.outputs.entries()) {
      if (!this.#isWritten(value)) continue;
      const draft = new KernelDraft(this.#source);
      const context = draft.contextOf(node);
      if (element === undefined) context.unsupported('cannot run in this form');
      else {
        const destination = draft.destination(this.#viewOf(value));
        writeElementLoops(draft.block, destination, (block, at) =>
          element(context, block, at, output),
        );
        fillHalo(draft.block, destination, this.#placement.halos.get(value));
        this.#steps.launch(draft, node.op, labelOf(node), 0);
      }
    }
  }

  #kernelNode(node: Node, write: (context: KernelContext) => void): void {
    // By input, not by value: a value may be read twice, and once with zeros around it.
    const views = node.inputs.map((value, input) =>
      value === undefined ? undefined : this.#prepared(node, input, value),
    );
    const draft = new KernelDraft(this.#source);
    const kernel = { stem: node.op, macs: 0 };
    write(this.#kernelContext(node, draft, draft.block, views, kernel));
    for (const value of node.outputs) {
      const halo = value && this.#placement.halos.get(value);
      if (value && halo) fillHalo(draft.block, draft.destination(this.#viewOf(value)), halo);
    }
    this.#steps.launch(draft, kernel.stem, labelOf(node), kernel.macs);
  }

  /** `views` are the inputs that lie as the rule demands; `kernel` is what the rule says of it. */
  #kernelContext(
    node: Node,
    draft: KernelDraft,
    block: Block,
    views: readonly (View | undefined)[],
    kernel: { stem: string; macs: number },
  ): KernelContext {
    const context = draft.contextOf(node);
    return {
      ...context,
      block,
      target: this.#target,
      memory: (input) =>
        draft.memory(views[input] ?? this.#viewOf(requireInput(node, input)), stemOf(node, input)),
      destination: (output) => draft.destination(this.#viewOf(requireOutput(node, output))),
      scratch: (stem, dims, halo, dtype = context.outputType(0)) => {
        const tensor = { name: stem, dtype, dims };
        const view = allocate(tensor, 'channels-last', halo, this.#placement.buffers);
        return draft.destination(view, stem);
      },
      shared: (stem, length) => draft.shared(stem, length),
      stage: (inner, at) => this.#kernelContext(inner, draft, at, [], { stem: inner.op, macs: 0 }),
      pack: (name, data) => draft.param(name, this.#constants.add(data), 'read'),
      packFloats: (name, length, fill) =>
        draft.param(name, this.#constants.addFilled(length, fill), 'read'),
      prepare: (preparation) =>
        draft.param(preparation.stem, this.#prepare(node, preparation), 'read'),
      constantData: (input) => this.#floatsOf(requireInput(node, input)),
      setSize: (output, axis, size) =>
        this.#sizes.set(draft, block, requireOutput(node, output), axis, size),
      name: (wanted) => {
        kernel.stem = wanted;
      },
      macs: (count) => {
        kernel.macs += count;
      },
    };
  }

  #controlContext(node: Node): ControlContext {
    const { views, halos, buffers } = this.#placement;
    return {
      node,
      memoryOf: (value) => ({ view: this.#viewOf(value), halo: halos.get(value) }),
      allocate: (value) => newMemory(value, 'row-major', undefined, buffers),
      place: (value, { view, halo }) => {
        views.set(value, view);
        if (halo !== undefined) halos.set(value, halo);
      },
      placedAnywhere,
      argument: (view) => this.#steps.placed(view),
      stepsOf: (region, atEnd) => this.#steps.stepsOf(() => this.#region(region, atEnd)),
      launch: (stem, write) => {
        const draft = new KernelDraft(this.#source);
        write(draft);
        this.#steps.launch(draft, stem, labelOf(node), 0);
      },
      isSizedByRun: (output) => !isBound(this.#source.dimsOf(output)[0] ?? 1),
      setSize: (output, counter) => {
        const draft = new KernelDraft(this.#source);
        const turns = draft.memory(counter).read(draft.block, origin(counter.dims));
        this.#sizes.set(draft, draft.block, output, 0, cast(turns, 'index'));
        if (draft.block.stmts.length > 0) this.#steps.launch(draft, 'size', labelOf(node), 0);
      },
      add: (step) => this.#steps.add({ ...step, label: labelOf(node) }),
      unsupported: new KernelDraft(this.#source).contextOf(node).unsupported,
    };
  }

  /** Writes the nodes of a region. What is copied inside may not have been when the graph around goes on. */
  #region(region: Graph, atEnd: () => void): void {
    const [uses, copies] = [this.#uses, this.#copies];
    this.#uses = indexUses(region);
    this.#copies = new Map(copies);
    placeValues(region, this.#uses, this.#target, this.#placement);
    for (const node of region.nodes) this.node(node);
    atEnd();
    this.#uses = uses;
    this.#copies = copies;
  }

  /** A step of the setup, and the memory that it fills. */
  #prepare(node: Node, preparation: Preparation): View {
    const { stem, kernel, length, dtype = 'float32', input, write } = preparation;
    return this.#preparedBuffers.add(length, dtype, (view) => {
      const draft = new KernelDraft(this.#source);
      const from = draft.memory(this.#viewOf(requireInput(node, input)), stemOf(node, input));
      write(draft.block, from, draft.destination(view, stem));
      return this.#steps.prepare(draft, kernel, labelOf(node), view.buffer);
    });
  }

  /** The memory of an input, copied if it does not lie as the rule demands. Inlined: none. */
  #prepared(node: Node, input: number, value: Value): View | undefined {
    if (this.#placement.inlined.has(value)) return undefined;
    const demand = ruleOf(node.op).demand?.(node, input, this.#target);
    if (demand === undefined) return this.#viewOf(value);
    const copied = this.#copies.get(value);
    if (copied !== undefined && satisfies(copied.view, copied.halo, demand)) return copied.view;
    const view = this.#viewOf(value);
    if (satisfies(view, this.#placement.halos.get(value), demand)) return view;
    const halo = mergeHalos(demandsOn(value, this.#uses, this.#target));
    const layout = demand.layout === 'any' ? 'channels-last' : demand.layout;
    return this.#copy(value, layout, halo);
  }

  #copy(value: Value, layout: 'channels-last' | 'row-major', halo: Halo | undefined): View {
    const view = newMemory(value, layout, halo, this.#placement.buffers);
    this.#writeCopy(value, view, halo);
    this.#copies.set(value, { view, halo });
    return view;
  }

  #copyParts(node: Node): void {
    const whole = requireOutput(node, 0);
    const view = this.#viewOf(whole);
    const context = new KernelDraft(this.#source).contextOf(node);
    const places = ruleOf(node.op).parts?.(context, view) ?? [];
    const halo = this.#placement.halos.get(whole);
    const copies: [Value, View, Halo | undefined][] = [];
    node.inputs.forEach((value, input) => {
      const place = places[input];
      if (value === undefined || place === undefined) return;
      if (samePlace(this.#source, value, place)) return;
      copies.push([value, place, halo && haloThrough(view, halo, place)]);
    });
    if (this.#target.grid === undefined) for (const copy of copies) this.#writeCopy(...copy);
    else this.#writeCopies(copies, labelOf(node));
    if (halo !== undefined) this.#closeHalo(view, halo, places);
  }

  /** Fills what of the halo of a whole no part has around it: before the first and after the last. */
  #closeHalo(view: View, halo: Halo, places: readonly View[]): void {
    const axes = view.dims.flatMap((dim, axis) =>
      places.every((place) => place.dims[axis] === dim) ? [] : [axis],
    );
    if (axes.every((axis) => halo.before[axis] === 0 && halo.after[axis] === 0)) return;
    const draft = new KernelDraft(this.#source);
    fillHalo(draft.block, draft.destination(view), halo, { axes });
    this.#steps.launch(draft, 'fill_halo', 'halo', 0);
  }

  /** In one step: their nests run side by side. */
  #writeCopies(copies: readonly [Value, View, Halo | undefined][], label: string): void {
    if (copies.length === 0) return;
    const draft = new KernelDraft(this.#source);
    for (const copy of copies) this.#copyInto(draft, ...copy);
    this.#steps.launch(draft, 'copy_parts', label, 0);
  }

  #writeCopy(value: Value, view: View, halo: Halo | undefined): void {
    const draft = new KernelDraft(this.#source);
    this.#copyInto(draft, value, view, halo);
    this.#steps.launch(draft, 'copy', `copy ${value.name}`, 0);
  }

  #copyInto(draft: KernelDraft, value: Value, view: View, halo: Halo | undefined): void {
    const operand = draft.operand(value);
    const destination = draft.destination(view);
    const source = liesInMemory(operand) ? operand.view : undefined;
    writeElementLoops(draft.block, destination, operand.read, source);
    fillHalo(draft.block, destination, halo);
  }
}

function samePlace(source: ValueSource, value: Value, place: View): boolean {
  if (value.constant !== undefined || source.inlinedNode(value) !== undefined) return false;
  const view = source.viewOf(value);
  return (
    view.buffer === place.buffer &&
    view.offset === place.offset &&
    view.strides.every((stride, axis) => stride === place.strides[axis] || place.dims[axis] === 1)
  );
}

function labelOf(node: Node): string {
  return node.name === '' ? node.op : `${node.op} ${node.name}`;
}

/** What the weights file will take: the constants, an eighth more for what packing fills up. */
function expectedConstantBytes(graph: Graph): number {
  const sizes = constantsOf(graph).map(({ constant }) => alignUp(constant?.bytes.length ?? 0));
  return sizes.reduce((sum, bytes) => sum + bytes, 0) * 1.125;
}

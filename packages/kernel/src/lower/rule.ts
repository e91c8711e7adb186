/**
 * What a lowering rule is. One rule per op serves every target: it says what the op computes in
 * terms of indices, and leaves to the driver what is fused into what, where things lie in memory,
 * and which loops run around it.
 *
 * Vocabulary: an *operand* is an input as a rule sees it, whether it lies in memory or is inlined;
 * an *element rule* gives one output element as an expression over its index; a *view rule* gives
 * the output as strides over the input, so that nothing runs, and an *inverse rule* the input as
 * strides over the output; a *parts rule* places its inputs in its output, so that only what could
 * not be placed is copied; a *kernel rule* writes its loops itself, by a schedule.
 */

import type { DType, Node } from '@whittle/ir';
import type { Block } from '../block.js';
import type { Expr } from '../loop-ir.js';
import type { Capabilities } from '../schedule/capabilities.js';
import type { View } from '../view.js';

export type ElementType = Exclude<DType, 'string'>;

/** An input of a node. Indices have one coordinate for each axis of `dims`. */
export interface Operand {
  readonly dtype: ElementType;
  readonly dims: readonly number[];
  /** One element. Statements that it needs (the loop of an inlined reduction) go into `block`. */
  read(block: Block, at: readonly Expr[]): Expr;
}

/** An operand that lies in memory, for rules that do their own indexing. */
export interface MemoryOperand extends Operand {
  readonly param: string;
  /** `position` counts from the view's own offset, which the step's argument adds. */
  readonly view: View;
}

/** An output of a node, which lies in memory. */
export interface Destination {
  readonly dtype: ElementType;
  readonly dims: readonly number[];
  readonly param: string;
  readonly view: View;
  store(block: Block, at: readonly Expr[], value: Expr): void;
}

/** What an element rule may ask. */
export interface ElementContext {
  readonly node: Node;
  /** @throws {CompilerError} `E_INTERNAL` where input `index` is absent: ask `has` first. */
  operand(index: number): Operand;
  has(index: number): boolean;
  /** The dims of an input, without reading it. */
  inputDims(index: number): readonly number[];
  /** Type of output `index`. */
  outputDims(index: number): readonly number[];
  outputType(index: number): ElementType;
  /**
   * The true size of an axis, an index: a literal, unless only a run can tell. Then `inputDims` gives the most
   * that it can be, and what lies from the size on is the axis's tail.
   */
  inputSize(index: number, axis: number): Expr;
  /**
   * The elements of a constant input as numbers: axes, bounds, scales.
   * @throws {CompilerError} `E_UNSUPPORTED_FEATURE` where the input is not constant.
   */
  constants(index: number): readonly number[];
  /** As `constants`; undefined where the input is absent. */
  optionalConstants(index: number): readonly number[] | undefined;
  /** @throws {CompilerError} `E_UNSUPPORTED_FEATURE`, naming the node. */
  unsupported(message: string): never;
}

/** What a kernel rule may ask besides. */
export interface KernelContext extends ElementContext {
  readonly block: Block;
  readonly target: Capabilities;
  /** Input `index` in memory, laid out as the rule's `demand` said. */
  memory(index: number): MemoryOperand;
  destination(index: number): Destination;
  /** Adds data of the compiler's own (packed weights) and returns the parameter that reads it. */
  pack(stem: string, data: Float32Array | Int32Array): string;
  /** As `pack`, of `length` floats that `fill` writes where they will lie; they are zero before. */
  packFloats(stem: string, length: number, fill: (data: Float32Array) => void): string;
  /** Memory that is filled once, when an instance is made; returns the parameter that reads it. */
  prepare(preparation: Preparation): string;
  /**
   * The elements of a constant input for packing; undefined where it is not constant, or of numbers
   * that `float32` would round.
   */
  constantData(index: number): ArrayLike<number> | undefined;
  /**
   * Says how large an axis of an output came out, where the op's own elements decide it and inference could
   * not say; `size` gives an index. Elsewhere it does nothing.
   */
  setSize(output: number, axis: number, size: Expr): void;
  /**
   * Memory for this launch only, of the output's dtype or another one and channels-last, with room for
   * `halo` around it. What it holds before it is written is not known.
   */
  scratch(stem: string, dims: readonly number[], halo?: Halo, dtype?: ElementType): Destination;
  /**
   * An array of so many floats that the threads of a workgroup share; of targets with a grid. What it holds
   * before it is written is not known.
   */
  shared(stem: string, length: number): string;
  /**
   * The context of a node that this one stands for, whose loops go into `block` of the same kernel.
   * Values that neither lie in memory nor are constant belong to the rule, which places them itself;
   * the kernel's name and its multiply-adds are the rule's to say.
   */
  stage(node: Node, block: Block): KernelContext;
  /** Names the kernel after its schedule; the default is the op's name. */
  name(stem: string): void;
  /** Multiply-adds of one launch, for reports; several calls add up. */
  macs(count: number): void;
}

/** What a kernel of its own, a step of the setup, makes of a constant. */
export interface Preparation {
  /** What the parameter is called, and what the kernel is. */
  readonly stem: string;
  readonly kernel: string;
  readonly length: number;
  /** Default: float32. */
  readonly dtype?: 'float32' | 'int32';
  /** The input of the node that is read: a constant. */
  readonly input: number;
  /** Writes the kernel's loops. */
  write(block: Block, from: MemoryOperand, to: Destination): void;
}

/** How a rule wants an input to lie in memory. */
export interface Demand {
  /** `channels-last`: axis 1 fastest, then the spatial axes from last to first (NHWC). */
  readonly layout: 'channels-last' | 'row-major' | 'any';
  /** Zeros wanted around the data, before and after each axis. */
  readonly halo?: Halo;
}

export interface Halo {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export interface LoweringRule {
  /** The layout that suits the outputs; `follow` takes that of the first input of the same rank. */
  readonly layout?: 'channels-last' | 'row-major' | 'follow';
  /** How many times an element of an input may be read; `once` lets producers be inlined. Default: many. */
  readonly reads?: (node: Node, input: number) => 'once' | 'many';
  /**
   * Whether an element costs less to compute than to keep: the output is inlined even where several nodes
   * read it, as long as each reads no element twice.
   */
  readonly isCheap?: true;
  /** What an input in memory must look like; absent: anything. */
  readonly demand?: (node: Node, input: number, target: Capabilities) => Demand | undefined;
  /** Output `output` as strides over input 0, or undefined where elements would have to move. */
  readonly view?: (context: ElementContext, input: View, output: number) => View | undefined;
  /** Input 0 as strides over the one output: the view turned round, of ops that keep all elements. */
  readonly inverse?: (context: ElementContext, output: View) => View | undefined;
  /** One element of output `output`. */
  readonly element?: (
    context: ElementContext,
    block: Block,
    at: readonly Expr[],
    output: number,
  ) => Expr;
  /** Where each input goes inside the one output. */
  readonly parts?: (context: ElementContext, output: View) => readonly View[];
  /** Writes the loops of all outputs into `context.block`. Wins over `element` when materialised. */
  readonly kernel?: (context: KernelContext) => void;
  /**
   * Whether what the rule says is right where axes have tails: asked of a node with its dims as inference has
   * them. Absent: of an elementwise op, where inputs and output have the same ones; else never.
   */
  readonly allowsTails?: (node: Node) => boolean;
  /** Whether `kernel` takes this node; absent: always. `element` takes the others. */
  readonly kernelTakes?: (node: Node, target: Capabilities) => boolean;
}

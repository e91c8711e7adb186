/**
 * What an op is, as one record: its signature, its attributes with defaults, how the types of its
 * outputs follow from its inputs, and its traits. Shared code asks for traits and never for names.
 *
 * The meaning of each op is that of the newest ONNX opset Whittle knows; importing a model
 * rewrites older forms into it, so that nothing after the importer thinks of opsets.
 */

import type { Dim } from './dim.js';
import type { AttributeKind, Node, TensorType } from './graph.js';
import type { Tensor } from './tensor.js';

/**
 * How an op's output relates to its inputs, which decides what may share a kernel with it
 * (after TVM's op patterns):
 * - `elementwise`: each output element reads the same position of each input, broadcast;
 * - `view`: the same elements under other indices, expressible as strides over the input;
 * - `injective`: each output element reads at most one element of each input (concat, pad, gather);
 * - `reduction`: each output element folds a line or window of the input;
 * - `anchor`: a contraction worth a schedule of its own (conv, gemm); elementwise ops join it;
 * - `opaque`: none of these.
 */
export type FusionKind = 'elementwise' | 'view' | 'injective' | 'reduction' | 'anchor' | 'opaque';

export interface Traits {
  readonly fusion: FusionKind;
  /** Swapping the two inputs changes nothing. */
  readonly commutative?: boolean;
  /** Applying the op to its own output changes nothing. */
  readonly idempotent?: boolean;
  /** Running it twice may give two answers (random numbers), so it is never folded or merged. */
  readonly nondeterministic?: boolean;
  /** The op takes the `activation` and `activation_params` attributes, applied to its result. */
  readonly epilogue?: boolean;
}

export interface AttributeSpec {
  readonly kind: AttributeKind;
  /** The value when the attribute is absent; without one the attribute is optional or `required`. */
  readonly default?: number | string | readonly number[] | readonly string[];
  readonly required?: boolean;
}

/** A named input or output. `optional` may be left out, `variadic` (only last) may repeat. */
export interface Formal {
  readonly name: string;
  readonly optional?: boolean;
  readonly variadic?: boolean;
}

/** What inference says of one output. */
export interface InferredOutput extends TensorType {
  readonly elements?: readonly Dim[];
}

/** What an inference rule may ask about the node it types. */
export interface InferContext {
  readonly node: Node;
  /** Whether input `index` is given. */
  has(index: number): boolean;
  /** The number of inputs written, trailing absent ones not counted. */
  readonly inputCount: number;
  readonly outputCount: number;
  /** @throws {CompilerError} `E_INVALID_GRAPH` if input `index` is absent. */
  input(index: number): TensorType;
  constant(index: number): Tensor | undefined;
  /** The elements of an integer input as dims, from a constant or from inference. */
  elements(index: number): readonly Dim[] | undefined;
  /** The elements as numbers, or undefined where one of them is symbolic or unknown. */
  numbers(index: number): readonly number[] | undefined;
  int(name: string): number;
  float(name: string): number;
  string(name: string): string;
  ints(name: string): readonly number[];
  optionalInt(name: string): number | undefined;
  optionalInts(name: string): readonly number[] | undefined;
  /** Brings a possibly negative axis into [0, rank). @throws {CompilerError} if out of range. */
  axis(axis: number, rank: number): number;
  /** A dim that inference cannot know, named after the node; equal calls give the same dim. */
  unknownDim(tag: string | number): Dim;
  /** @throws {CompilerError} `E_INVALID_GRAPH`, naming the node. */
  fail(message: string): never;
}

export interface OpRecord {
  readonly name: string;
  /** One line: what the op computes. */
  readonly summary: string;
  /** The opset whose meaning this is; absent for Whittle's own ops, which ONNX does not know. */
  readonly since?: number;
  /** The opset that took the op out of ONNX. */
  readonly until?: number;
  readonly inputs: readonly Formal[];
  readonly outputs: readonly Formal[];
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  readonly traits: Traits;
  /** What to do about the op where no target runs it; absent: nothing in particular. */
  readonly hint?: string;
  /**
   * The type of each output, given the types of all inputs; undefined where not even the rank can
   * be known, as of a Reshape to a shape of unknown length.
   */
  readonly infer: (context: InferContext) => readonly InferredOutput[] | undefined;
  /**
   * Of an op that decides sizes by its elements, which inference leaves to `unknownDim`: the dims of each output
   * where as many come out as can. Absent: such a size has no bound.
   */
  readonly mostDims?: (context: InferContext) => readonly (readonly Dim[])[];
}

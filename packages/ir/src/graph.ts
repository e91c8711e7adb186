/**
 * The graph: values in static single assignment, nodes in an order that defines before it uses.
 * Everything here is immutable; a pass makes new nodes and shares all that did not change.
 *
 * Vocabulary, after ONNX and MLIR: a *value* is a tensor known by identity (the object itself, its
 * name is for people); a *node* applies an op to values; a *region* is a graph inside a node (the
 * body of `If`, `Loop`, `Scan`) that may use the values around it.
 */

import type { Dim } from './dim.js';
import type { DType } from './dtype.js';
import type { Tensor } from './tensor.js';

export interface TensorType {
  readonly dtype: DType;
  readonly dims: readonly Dim[];
}

export interface Value {
  /** Unique in its graph, regions included. Graph inputs bear the model's own name. */
  readonly name: string;
  /** Absent where nothing can infer it: behind an op that is not in the op table. */
  readonly type: TensorType | undefined;
  /** The contents, of a constant. A constant has no producer. */
  readonly constant?: Tensor;
  /**
   * The elements in row-major order, where shape inference knows them without running anything:
   * a `Shape` of known dims and integer arithmetic over it. They may be symbolic.
   */
  readonly elements?: readonly Dim[];
}

/** What an attribute of each kind holds. `int` and `ints` saturate at ±(2^53 − 1). */
export interface AttributeValues {
  readonly int: number;
  readonly float: number;
  readonly string: string;
  readonly tensor: Tensor;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly strings: readonly string[];
}

export type AttributeKind = keyof AttributeValues;

/** An attribute as the model wrote it. */
export type Attribute = {
  readonly [K in AttributeKind]: { readonly kind: K; readonly value: AttributeValues[K] };
}[AttributeKind];

export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  /** The name of an op record, `Conv`; ops of other domains as `com.microsoft::FusedConv`. */
  readonly op: string;
  /** The model's own name of the node, for messages; may be empty and need not be unique. */
  readonly name: string;
  /** An optional input that is left out is `undefined`. */
  readonly inputs: readonly (Value | undefined)[];
  /** Optional outputs that nobody asked for are `undefined`. */
  readonly outputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly regions: Readonly<Record<string, Graph>>;
}

/** A graph output: the model's own name for it, and the value behind it. */
export interface Output {
  readonly name: string;
  readonly value: Value;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Output[];
  readonly nodes: readonly Node[];
  /** What the model says of itself (producer, doc string, metadata properties), kept as written. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Where a value is used: by an input of a node, by a region inside it, or as a graph output. */
export interface GraphUses {
  /** The node that defines a value; undefined for inputs, constants and values of an outer graph. */
  producerOf(value: Value): Node | undefined;
  /** The nodes that read a value, directly or in a region, each once, in order. */
  consumersOf(value: Value): readonly Node[];
  isOutput(value: Value): boolean;
}

/** Indexes a graph by value, in time linear in its size. */
export function indexUses(graph: Graph): GraphUses {
  const producers = new Map<Value, Node>();
  const consumers = new Map<Value, Node[]>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output) producers.set(output, node);
    for (const input of new Set(valuesReadBy(node))) {
      const readers = consumers.get(input);
      if (readers) readers.push(node);
      else consumers.set(input, [node]);
    }
  }
  const outputs = new Set(graph.outputs.map((output) => output.value));
  return {
    producerOf: (value) => producers.get(value),
    consumersOf: (value) => consumers.get(value) ?? [],
    isOutput: (value) => outputs.has(value),
  };
}

/** The values a node reads, those that its regions read of the graphs around them included. */
export function valuesReadBy(node: Node): Value[] {
  const read: Value[] = [];
  for (const input of node.inputs) if (input) read.push(input);
  for (const region of Object.values(node.regions)) {
    for (const inner of region.nodes) for (const value of valuesReadBy(inner)) read.push(value);
    for (const output of region.outputs) read.push(output.value);
  }
  return read;
}

/** Regions under the same names after `change`; the same object where none of them changed. */
export function mapRegions(
  regions: Node['regions'],
  change: (region: Graph) => Graph,
): Node['regions'] {
  const entries = Object.entries(regions);
  const changed = entries.map(([name, region]): [string, Graph] => [name, change(region)]);
  // Models name regions as they like, `__proto__` too, which an assignment would not define.
  return changed.every(([, region], i) => region === entries[i]?.[1])
    ? regions
    : Object.fromEntries(changed);
}

/** The constants a graph reads, each once, in order of first use; regions included. */
export function constantsOf(graph: Graph): Value[] {
  const found = new Set<Value>();
  for (const node of graph.nodes) {
    for (const value of valuesReadBy(node)) if (value.constant) found.add(value);
  }
  for (const { value } of graph.outputs) if (value.constant) found.add(value);
  return [...found];
}

/**
 * Building graphs by hand: the entry point for those who import the IR as a library, and what the
 * ONNX importer and the model zoo are written with.
 *
 * ```ts
 * const builder = new GraphBuilder('tiny');
 * const x = builder.input('x', 'float32', [1, 3, 8, 8]);
 * const y = builder.op('Relu', [x]);
 * builder.output('y', y);
 * const graph = builder.build();
 * ```
 */

import type { AttributeLiterals } from './attributes.js';
import type { Dim } from './dim.js';
import type { DType } from './dtype.js';
import { CompilerError } from './errors.js';
import type { Graph, Node, Output, Value } from './graph.js';
import { UniqueNames } from './names.js';
import { createNode, firstOutput } from './node.js';
import { type Tensor, tensorOf } from './tensor.js';

export interface OpOptions {
  /** The node's own name, for messages. */
  readonly name?: string;
  /** Names wanted for the outputs; undefined for one that nobody needs. Default: one output. */
  readonly outputs?: readonly (string | undefined)[];
  readonly regions?: Readonly<Record<string, Graph>>;
}

export class GraphBuilder {
  readonly #name: string;
  readonly #names: UniqueNames;
  readonly #inputs: Value[] = [];
  readonly #outputs: Output[] = [];
  readonly #nodes: Node[] = [];
  readonly #metadata = new Map<string, string>();

  /** `outer` is the builder of the graph around, for the body of a region. */
  constructor(name: string, outer?: GraphBuilder) {
    this.#name = name;
    this.#names = outer === undefined ? new UniqueNames() : outer.#names;
  }

  /** Declares a graph input. @throws {CompilerError} `E_INVALID_GRAPH` where the name is taken. */
  input(name: string, dtype: DType, dims: readonly Dim[]): Value {
    const value: Value = { name: this.#names.claim(name), type: { dtype, dims } };
    this.#inputs.push(value);
    return value;
  }

  /** A constant value that holds `tensor`. */
  constant(tensor: Tensor, name = 'constant'): Value {
    return {
      name: this.#names.fresh(name),
      type: { dtype: tensor.dtype, dims: tensor.dims },
      constant: tensor,
    };
  }

  /** A 0-d constant. */
  scalar(dtype: DType, value: number): Value {
    return this.constant(tensorOf(dtype, [], [value]));
  }

  /**
   * Applies an op and returns its first output. Attributes are plain literals; the op's record
   * gives them their kinds.
   * @throws {CompilerError} `E_INVALID_GRAPH` where the inputs or attributes break a rule of the op.
   */
  op(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: AttributeLiterals = {},
    options: OpOptions = {},
  ): Value {
    return firstOutput(this.node(op, inputs, attributes, options));
  }

  /** As `op`, for ops of several outputs: returns the node. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: AttributeLiterals = {},
    options: OpOptions = {},
  ): Node {
    const wanted = options.outputs ?? [op];
    const node = createNode({
      op,
      inputs,
      attributes,
      outputs: wanted.map((name) => (name === undefined ? undefined : this.#names.fresh(name))),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.regions === undefined ? {} : { regions: options.regions }),
    });
    this.#nodes.push(node);
    return node;
  }

  /** Declares a graph output under the model's own name. */
  output(name: string, value: Value): void {
    if (this.#outputs.some((output) => output.name === name)) {
      throw new CompilerError('E_INVALID_GRAPH', `Two graph outputs are named "${name}".`, {
        where: { graph: this.#name, tensor: name },
      });
    }
    this.#outputs.push({ name, value });
  }

  /** Notes what the model says of itself; a key that is given again replaces the text. */
  metadata(key: string, text: string): void {
    this.#metadata.set(key, text);
  }

  /** The graph of what has been declared so far. */
  build(): Graph {
    return {
      name: this.#name,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      nodes: [...this.#nodes],
      metadata: Object.fromEntries(this.#metadata),
    };
  }
}

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
import {
  depthwiseConv,
  groupConv,
  pointwiseConv,
  separableConv,
} from './forms/convolution-forms.js';
import type {
  ConvolutionOptions,
  GroupConvolutionOptions,
  SeparableConvolutionOptions,
} from './forms/convolution-options.js';
import { formContext } from './forms/form-context.js';
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

  /** As `conv2d`, over [N, W, C]: the filter is [W, in / groups, out]. */
  conv1d(x: Value, filter: Value, options: GroupConvolutionOptions<1> = {}): Value {
    return groupConv(formContext(this, 'conv1d', 1, options), x, filter);
  }

  /**
   * Convolution of an image [N, H, W, C] with a filter [H, W, in / groups, out], after
   * `tf.nn.conv2d`. How many `groups` there are is never guessed from the filter.
   * @throws {CompilerError} `E_INVALID_GRAPH` where operands or options do not fit, as all forms do.
   */
  conv2d(x: Value, filter: Value, options: GroupConvolutionOptions<2> = {}): Value {
    return groupConv(formContext(this, 'conv2d', 2, options), x, filter);
  }

  /** As `conv2d`, over [N, D, H, W, C]: the filter is [D, H, W, in / groups, out]. */
  conv3d(x: Value, filter: Value, options: GroupConvolutionOptions<3> = {}): Value {
    return groupConv(formContext(this, 'conv3d', 3, options), x, filter);
  }

  /**
   * Convolution by groups of neighbouring channels: group `g` of the result sums over group `g` of
   * the image. The filter is [H, W, in / groups, out].
   */
  groupConv2d(
    x: Value,
    filter: Value,
    options: GroupConvolutionOptions<2> & { readonly groups: number },
  ): Value {
    return groupConv(formContext(this, 'groupConv2d', 2, options), x, filter);
  }

  /** As `depthwiseConv2d`, over [N, W, C]: the filter is [W, in, multiplier]. */
  depthwiseConv1d(x: Value, filter: Value, options: ConvolutionOptions<1> = {}): Value {
    return depthwiseConv(formContext(this, 'depthwiseConv1d', 1, options), x, filter);
  }

  /**
   * Each channel by itself, as `tf.nn.depthwise_conv2d`: the filter is [H, W, in, multiplier], and
   * channel `k * multiplier + q` of the result is channel `k` under its filter `q`. TensorFlow
   * refuses strides and dilations that are both above 1, and this does not.
   */
  depthwiseConv2d(x: Value, filter: Value, options: ConvolutionOptions<2> = {}): Value {
    return depthwiseConv(formContext(this, 'depthwiseConv2d', 2, options), x, filter);
  }

  /** As `depthwiseConv2d`, over [N, D, H, W, C]: the filter is [D, H, W, in, multiplier]. */
  depthwiseConv3d(x: Value, filter: Value, options: ConvolutionOptions<3> = {}): Value {
    return depthwiseConv(formContext(this, 'depthwiseConv3d', 3, options), x, filter);
  }

  /** Mixes the channels of each pixel: the filter is [in, out] or [1, 1, in, out]. */
  pointwiseConv2d(x: Value, filter: Value, options: ConvolutionOptions<2> = {}): Value {
    return pointwiseConv(formContext(this, 'pointwiseConv2d', 2, options), x, filter);
  }

  /** As `separableConv2d`, over [N, W, C]: [W, in, multiplier] and [1, in * multiplier, out]. */
  separableConv1d(
    x: Value,
    depthwise: Value,
    pointwise: Value,
    options: SeparableConvolutionOptions<1> = {},
  ): Value {
    return separableConv(formContext(this, 'separableConv1d', 1, options), x, depthwise, pointwise);
  }

  /**
   * `depthwiseConv2d` with a filter [H, W, in, multiplier], then `pointwiseConv2d` with a filter
   * [1, 1, in * multiplier, out] or [in * multiplier, out], as `tf.nn.separable_conv2d`: strides,
   * padding and dilations are those of the first, bias and activation those of the second.
   */
  separableConv2d(
    x: Value,
    depthwise: Value,
    pointwise: Value,
    options: SeparableConvolutionOptions<2> = {},
  ): Value {
    return separableConv(formContext(this, 'separableConv2d', 2, options), x, depthwise, pointwise);
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

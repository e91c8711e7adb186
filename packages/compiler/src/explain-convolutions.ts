/** The convolutions of a graph, each with what it reads and writes, whatever op it is a stage of. */

import {
  allBound,
  type ConvKind,
  convKind,
  type Graph,
  type Node,
  optionalAttribute,
  type Value,
} from '@whittle/ir';
import { bytesOf, macsOf } from './node-costs.js';
import { type Quantity, quantity, sumDims } from './quantity.js';
import { signatureOf, type TensorSignature } from './tensor-signature.js';

/** A `Conv` whose filter has dims as numbers. Dims are those of ONNX: [N, C, …spatial]. */
export interface ConvolutionReport {
  readonly kind: ConvKind;
  /** The node's name; empty where the model gives it none. */
  readonly name: string;
  readonly input: TensorSignature;
  readonly output: TensorSignature;
  /** Taps, strides and dilations along each spatial axis. */
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
  /** Filters for each channel of a depthwise convolution; absent for other kinds. */
  readonly multiplier?: number;
  /** Multiply-adds. */
  readonly macs: Quantity;
  readonly inputBytes: Quantity;
  readonly outputBytes: Quantity;
  /** Bytes of filter and bias. */
  readonly weightBytes: Quantity;
}

/** In order of execution, those in regions included. The importer limits how deep regions nest. */
export function explainConvolutions(graph: Graph): readonly ConvolutionReport[] {
  return graph.nodes.flatMap((node) => [
    ...explainNode(node),
    ...Object.values(node.regions).flatMap(explainConvolutions),
  ]);
}

function explainNode(node: Node): readonly ConvolutionReport[] {
  const kind = convKind(node);
  const [input, filter, bias] = node.inputs;
  const [output] = node.outputs;
  const dims = filter?.type?.dims;
  if (kind === undefined || !input || !output || !dims || !allBound(dims)) return [];
  const [filters = 0, , ...kernel] = dims;
  const groups = optionalAttribute(node, 'group', 'int') ?? 1;
  const along = (name: string) => optionalAttribute(node, name, 'ints') ?? kernel.map(() => 1);
  return [
    {
      kind,
      name: node.name,
      input: signatureOf(input.name, input),
      output: signatureOf(output.name, output),
      kernel,
      strides: along('strides'),
      dilations: along('dilations'),
      groups,
      ...(kind === 'depthwise' && { multiplier: filters / groups }),
      macs: quantity(macsOf(node)),
      inputBytes: quantity(bytesOf(input)),
      outputBytes: quantity(bytesOf(output)),
      weightBytes: bytesOfAll([filter, bias]),
    },
  ];
}

function bytesOfAll(values: readonly (Value | undefined)[]): Quantity {
  return quantity(sumDims(values.map((value) => (value === undefined ? 0 : bytesOf(value)))));
}

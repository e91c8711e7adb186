/** Where the parts of a case are added to a graph, and how they lie there. */

import type { GraphBuilder, Value } from '@whittle/ir';
import { Draw } from './draw.js';
import type { SeparableCase } from './separable-case.js';

/** NHWC as converters write it: ops that are made for NCHW stand between transposes. */
export type Layout = 'NCHW' | 'NHWC';

export interface AddedInput {
  readonly name: string;
  /** In NCHW, whatever the layout of the graph is. */
  readonly dims: readonly number[];
  /** Whether the tensor has the layout of the graph; filters are the same in both. */
  readonly isImage: boolean;
}

/** Where the parts of one case are added to a graph. */
export interface Site {
  readonly builder: GraphBuilder;
  readonly separable: SeparableCase;
  readonly draw: Draw;
  /** Those that were declared so far. */
  readonly inputs: AddedInput[];
  /** Whether a pointwise convolution is a product over the last axis. */
  readonly hasProducts: boolean;
  imageInput(name: string, dims: readonly number[]): Value;
  output(name: string, value: Value): void;
  /** What `op` makes of a value, where `op` is made for NCHW. */
  inFirst(value: Value, op: (first: Value) => Value): Value;
}

export function siteOf(builder: GraphBuilder, separable: SeparableCase, layout: Layout): Site {
  const { seed, sizes, transposes } = separable;
  const axes = sizes.map((_, i) => i);
  const toFirst = (value: Value): Value =>
    builder.op('Transpose', [value], { perm: [0, sizes.length + 1, ...axes.map((i) => i + 1)] });
  const toLast = (value: Value): Value =>
    builder.op('Transpose', [value], { perm: [0, ...axes.map((i) => i + 2), 1] });
  const same = (value: Value): Value => value;
  const isAround = layout === 'NHWC' && transposes === 'around';
  const isLast = layout === 'NHWC' && transposes !== 'around';
  const inputs: AddedInput[] = [];
  return {
    ...{ builder, separable, inputs },
    hasProducts: layout === 'NHWC' && transposes === 'products',
    draw: new Draw(~seed),
    imageInput: (letter, dims) => {
      const name = `${letter}${seed}`;
      inputs.push({ name, dims, isImage: true });
      const [batch = 1, channels = 1, ...spatial] = dims;
      const laidOut = layout === 'NHWC' ? [batch, ...spatial, channels] : dims;
      return (isAround ? toFirst : same)(builder.input(name, 'float32', laidOut));
    },
    output: (letter, value) =>
      builder.output(`${letter}${seed}`, (isAround ? toLast : same)(value)),
    inFirst: (value, op) => (isLast ? toLast(op(toFirst(value))) : op(value)),
  };
}

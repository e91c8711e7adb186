/** What every step of a form knows: where nodes go, what the user called, and how to refuse it. */

import type { AttributeLiterals } from '../attributes.js';
import { type Dim, formatDims, isBound } from '../dim.js';
import { CompilerError } from '../errors.js';
import type { Value } from '../graph.js';
import type { Tensor } from '../tensor.js';
import type { ConvolutionOptions, SpatialRank } from './convolution-options.js';

/** The part of `GraphBuilder` that forms are written with. */
export interface NodeWriter {
  constant(tensor: Tensor, name?: string): Value;
  op(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes?: AttributeLiterals,
    options?: { readonly name?: string; readonly outputs?: readonly string[] },
  ): Value;
}

export interface FormContext<Options extends ConvolutionOptions = ConvolutionOptions> {
  readonly builder: NodeWriter;
  readonly spatialRank: SpatialRank;
  readonly options: Options;
  /** The name that the user gave. */
  readonly name: string | undefined;
  /** What the names of values begin with: that name, or the form's. */
  readonly stem: string;
  /** @throws {CompilerError} `E_INVALID_GRAPH`, always; `message` follows the name of the form. */
  readonly fail: (message: string, hint?: string) => never;
}

/** `form` is the method that was called. */
export function formContext<Options extends ConvolutionOptions>(
  builder: NodeWriter,
  form: string,
  spatialRank: SpatialRank,
  options: Options,
): FormContext<Options> {
  const { name } = options;
  const fail = (message: string, hint?: string): never => {
    throw new CompilerError('E_INVALID_GRAPH', `${form} ${message}.`, {
      where: name === undefined ? {} : { node: name },
      ...(hint === undefined ? {} : { hint }),
    });
  };
  return { builder, spatialRank, options, name, stem: name ?? form, fail };
}

/** The dims of an operand, which must have these axes. */
export function dimsOfOperand(
  context: FormContext,
  operand: string,
  { name, type }: Value,
  axes: readonly string[],
): readonly Dim[] {
  if (type === undefined) {
    return context.fail(
      `has to know the dims of "${name}", which nothing infers`,
      'It comes from an op that is not in the op table.',
    );
  }
  if (type.dims.length !== axes.length) {
    const wanted = `[${axes.join(', ')}]`;
    context.fail(`takes ${operand} of axes ${wanted}, and "${name}" is ${formatDims(type.dims)}`);
  }
  return type.dims;
}

/** Whether two dims are numbers that differ; of a symbolic one nothing is known before it is bound. */
export function dimsDiffer(a: Dim, b: Dim): boolean {
  return isBound(a) && isBound(b) && a !== b;
}

/**
 * Type inference for one node: asks the op's record, given the types, constants and known elements
 * of the inputs. Inference is local and total: an op that is not in the table, or an input whose
 * type is unknown, gives outputs of unknown type and no error.
 */

import { optionalAttribute, requiredAttribute } from './attributes.js';
import { countAtoms, type Dim, formatDims, isBound, namedDim } from './dim.js';
import { isInteger } from './dtype.js';
import { CompilerError } from './errors.js';
import type { Node, Value } from './graph.js';
import type { InferContext, InferredOutput } from './op-record.js';
import { findOp } from './op-table.js';
import { elementCount, numbersOf } from './tensor.js';

/** Constants beyond this many elements are data and not shapes; their elements are not tracked. */
const maxTrackedElements = 1024;

/**
 * The types of a node's outputs; undefined where they cannot be known.
 * @throws {CompilerError} `E_INVALID_GRAPH` where the inputs break a rule of the op.
 */
export function inferOutputs(node: Node): readonly InferredOutput[] | undefined {
  const record = findOp(node.op);
  if (record === undefined) return undefined;
  if (node.inputs.some((input) => input !== undefined && input.type === undefined))
    return undefined;
  const given = countWritten(node.inputs);
  const required = record.inputs.filter((formal) => !formal.optional && !formal.variadic).length;
  const variadic = record.inputs.at(-1)?.variadic === true;
  const context = inferContextOf(node);
  if (given < required || (!variadic && given > record.inputs.length)) {
    context.fail(`takes ${required} to ${record.inputs.length} inputs, not ${given}`);
  }
  return record.infer(context)?.map((output, i) => checkedOutput(context, output, i));
}

/**
 * The dims of each output at their largest, of an op whose elements decide how large they are; undefined of
 * any other.
 */
export function inferMostDims(node: Node): readonly (readonly Dim[])[] | undefined {
  return findOp(node.op)?.mostDims?.(inferContextOf(node));
}

/**
 * An output as inference may pass it on: bound dims are sizes, and symbolic ones are small. Without
 * a bound on them a chain of nodes could nest or multiply dims until handling one takes forever.
 */
function checkedOutput(
  context: InferContext,
  { dtype, dims, elements }: InferredOutput,
  index: number,
): InferredOutput {
  const sizes = dims.map((dim, axis) => {
    if (isBound(dim) && !(Number.isSafeInteger(dim) && dim >= 0)) {
      context.fail(`gives a tensor of dims ${formatDims(dims)}`);
    }
    return isSmall(dim) ? dim : context.unknownDim(index === 0 ? axis : `${index}.${axis}`);
  });
  return elements && areSmall(elements) ? { dtype, dims: sizes, elements } : { dtype, dims: sizes };
}

/** Dims of more atoms than this become unknown dims, and elements unknown. */
const maxAtoms = 32;
/** The same for all elements of a tensor together. */
const maxAtomsOfElements = 256;

function areSmall(elements: readonly Dim[]): boolean {
  let atoms = 0;
  for (const element of elements) {
    const own = countAtoms(element);
    atoms += own;
    if (own > maxAtoms || atoms > maxAtomsOfElements) return false;
  }
  return true;
}

function isSmall(dim: Dim): boolean {
  return countAtoms(dim) <= maxAtoms;
}

/**
 * The elements of a value as dims, where they are known without running anything: a small integer
 * constant, or what inference tracked.
 */
export function elementsOf(value: Value | undefined): readonly Dim[] | undefined {
  if (value === undefined) return undefined;
  if (value.elements !== undefined) return value.elements;
  const { constant } = value;
  if (constant === undefined || elementCount(constant.dims) > maxTrackedElements) return undefined;
  if (!isInteger(constant.dtype) && constant.dtype !== 'bool') return undefined;
  return numbersOf(constant);
}

/** The elements of an integer value, where all of them are numbers. */
export function integersOf(value: Value | undefined): readonly number[] | undefined {
  const elements = elementsOf(value);
  return elements?.every(isBound) ? elements : undefined;
}

function inferContextOf(node: Node): InferContext {
  const fail = (message: string): never => {
    throw new CompilerError('E_INVALID_GRAPH', `${node.op} ${message}.`, {
      where: { node: node.name, op: node.op },
    });
  };
  return {
    node,
    fail,
    has: (index) => node.inputs[index] !== undefined,
    inputCount: countWritten(node.inputs),
    outputCount: node.outputs.length,
    input: (index) => node.inputs[index]?.type ?? fail(`lacks its input ${index}`),
    constant: (index) => node.inputs[index]?.constant,
    elements: (index) => elementsOf(node.inputs[index]),
    numbers: (index) => integersOf(node.inputs[index]),
    int: (name) => requiredAttribute(node, name, 'int'),
    float: (name) => requiredAttribute(node, name, 'float'),
    string: (name) => requiredAttribute(node, name, 'string'),
    ints: (name) => requiredAttribute(node, name, 'ints'),
    optionalInt: (name) => optionalAttribute(node, name, 'int'),
    optionalInts: (name) => optionalAttribute(node, name, 'ints'),
    axis: (axis, rank) =>
      axis >= -rank && axis < Math.max(rank, 1)
        ? axis < 0
          ? axis + rank
          : axis
        : fail(`has axis ${axis}, out of range for rank ${rank}`),
    unknownDim: (tag) =>
      namedDim(`${node.outputs.find((output) => output)?.name ?? node.op}.${tag}`),
  };
}

function countWritten(values: readonly (Value | undefined)[]): number {
  let count = values.length;
  while (count > 0 && values[count - 1] === undefined) count--;
  return count;
}

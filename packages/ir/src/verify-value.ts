/**
 * The rules of one value: dims are whole numbers that are not negative, known elements are as many
 * as the dims say, a constant has the type of its tensor and a tensor the bytes its dims ask for.
 */

import { allBound, type Dim, dimsEqual, isBound } from './dim.js';
import { dtypes } from './dtype.js';
import { CompilerError } from './errors.js';
import type { Graph, TensorType, Value } from './graph.js';
import { elementCount, type Tensor } from './tensor.js';
import { formatType } from './text/print-tensor.js';

/** @throws {CompilerError} `E_INVALID_GRAPH` */
export function verifyValue(graph: Graph, value: Value): void {
  const problem = problemOfValue(value);
  if (problem === undefined) return;
  throw new CompilerError('E_INVALID_GRAPH', `${JSON.stringify(value.name)} ${problem}.`, {
    where: { graph: graph.name, tensor: value.name },
  });
}

/** What is wrong with a tensor, as the end of a sentence; undefined where nothing is. */
export function problemOfTensor(tensor: Tensor): string | undefined {
  const { dtype, dims, bytes, strings } = tensor;
  if (!dims.every(isSize)) return `has the dims [${dims.join(',')}]`;
  const count = elementCount(dims);
  if (dtype === 'string') {
    const given = strings?.length ?? 0;
    return given === count ? undefined : `holds ${given} strings where its dims say ${count}`;
  }
  if (strings !== undefined) return `holds strings, but is of dtype ${dtype}`;
  const wanted = count * dtypes[dtype].bytes;
  return bytes.length === wanted
    ? undefined
    : `holds ${bytes.length} bytes where ${formatType(tensor)} takes ${wanted}`;
}

function problemOfValue(value: Value): string | undefined {
  const { type, constant, elements } = value;
  const unlike = type === undefined ? undefined : problemOfType(type);
  if (unlike !== undefined) return unlike;
  if (constant !== undefined) {
    const same =
      type !== undefined && type.dtype === constant.dtype && dimsEqual(type.dims, constant.dims);
    if (!same) return `is of type ${formatType(type)}, its constant of ${formatType(constant)}`;
    const problem = problemOfTensor(constant);
    if (problem !== undefined) return problem;
  }
  return elements === undefined ? undefined : problemOfElements(type, elements);
}

function problemOfType(type: TensorType): string | undefined {
  return type.dims.every((dim) => !isBound(dim) || isSize(dim))
    ? undefined
    : `has the dims of ${formatType(type)}`;
}

function problemOfElements(
  type: TensorType | undefined,
  elements: readonly Dim[],
): string | undefined {
  if (type === undefined) return 'has known elements, but no type';
  if (!allBound(type.dims) || elementCount(type.dims) === elements.length) return undefined;
  return `is of type ${formatType(type)}, but has ${elements.length} known elements`;
}

function isSize(dim: number): boolean {
  return Number.isSafeInteger(dim) && dim >= 0;
}

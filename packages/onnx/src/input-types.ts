/**
 * The types of graph inputs: what the model declares, with the dims that the options bind.
 *
 * A dim that the model names keeps its name, and equal names are equal dims. A dim without a name
 * is called after its input and axis, `image_0`; a negative one (Paddle writes −1) counts as
 * without a name. 0 is an empty dim, as the specification has it, but since some exporters mean
 * "unknown" by it, an option may give it another number where any other number may not change.
 */

import { bindDim, CompilerError, type Dim, namedDim, type TensorType } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { dtypeOf } from './data-type.js';
import type { DimOptions } from './import-options.js';
import { saturatedInt } from './int64.js';
import { quoted } from './quoted.js';

export interface BoundInputs {
  /** The type of each input, with all dims bound that the options bind. */
  readonly types: readonly TensorType[];
  /** The numbers that the options give to named dims, wherever in the model they occur. */
  readonly bindings: ReadonlyMap<string, Dim>;
}

/**
 * Types the inputs of a model.
 * @throws {CompilerError} `E_INVALID_OPTION` where an option names no input or dim of the model, or
 *   contradicts it; `E_UNSUPPORTED_FEATURE` for inputs that are no tensors or of unknown rank.
 */
export function inputTypes(
  inputs: readonly onnx.IValueInfoProto[],
  options: DimOptions,
): BoundInputs {
  const shapes = new Map(Object.entries(options.shapes ?? {}));
  requireKnown('input', 'shapes', [...shapes.keys()], inputs.map(nameOf));
  const declared = inputs.map((input) => inputType(input, shapes.get(nameOf(input))));
  const bindings = bindingsOf(inputs, declared, shapes, options.dims ?? {});
  const types = declared.map(({ dtype, dims }, i) => {
    const shape = shapes.get(nameOf(inputs[i] ?? {}));
    const bound = dims.map((dim, axis) =>
      dim === 0 ? (shape?.[axis] ?? 0) : bindDim(dim, bindings),
    );
    return { dtype, dims: bound };
  });
  return { types, bindings };
}

/** The declared type of a value, or undefined where the model does not say all of it. */
export function declaredType(info: onnx.IValueInfoProto): TensorType | undefined {
  const tensor = info.type?.tensorType;
  if (!tensor?.shape || !tensor.elemType) return undefined;
  const dtype = dtypeOf(tensor.elemType, `Value ${quoted(nameOf(info))}`, { tensor: nameOf(info) });
  return { dtype, dims: declaredDims(info, tensor.shape) };
}

function inputType(info: onnx.IValueInfoProto, shape: readonly number[] | undefined): TensorType {
  const name = nameOf(info);
  const where = { tensor: name };
  // A run is given all inputs, so an optional tensor is there.
  const tensor = info.type?.tensorType ?? info.type?.optionalType?.elemType?.tensorType;
  if (!tensor) {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `Input ${quoted(name)} is not a tensor.`, {
      hint: 'Let the model take the tensors of a sequence or an optional as inputs of their own.',
      where,
    });
  }
  const dtype = dtypeOf(tensor.elemType, `Input ${quoted(name)}`, where);
  if (!tensor.shape && shape === undefined) {
    throw new CompilerError('E_UNSUPPORTED_FEATURE', `Input ${quoted(name)} is of unknown rank.`, {
      hint: 'Give its dims with the option shapes, on the command line --shape NAME:DIMS.',
      where,
    });
  }
  const dims = tensor.shape
    ? declaredDims(info, tensor.shape)
    : (shape ?? []).map((_, axis) => unnamedDim(name, axis));
  return { dtype, dims };
}

function declaredDims(info: onnx.IValueInfoProto, shape: onnx.ITensorShapeProto): Dim[] {
  return (shape.dim ?? []).map((dim, axis) => {
    if (dim.dimParam) return namedDim(dim.dimParam);
    const written = Object.hasOwn(dim, 'dimValue') ? saturatedInt(dim.dimValue) : -1;
    return written < 0 ? unnamedDim(nameOf(info), axis) : written;
  });
}

function unnamedDim(name: string, axis: number): Dim {
  return namedDim(`${name}_${axis}`);
}

/** What the options say of each named dim. */
function bindingsOf(
  inputs: readonly onnx.IValueInfoProto[],
  types: readonly TensorType[],
  shapes: ReadonlyMap<string, readonly number[]>,
  dims: Readonly<Record<string, number>>,
): Map<string, Dim> {
  const names = new Set(types.flatMap((type) => type.dims.flatMap((dim) => nameOfDim(dim) ?? [])));
  const bindings = new Map<string, Dim>();
  requireKnown('dim', 'dims', Object.keys(dims), [...names]);
  for (const [name, size] of Object.entries(dims)) {
    bindings.set(name, checkedSize(size, `dims.${name}`));
  }
  for (const [i, input] of inputs.entries()) {
    const shape = shapes.get(nameOf(input));
    if (shape !== undefined) bindShape(nameOf(input), types[i]?.dims ?? [], shape, bindings);
  }
  return bindings;
}

function bindShape(
  input: string,
  declared: readonly Dim[],
  shape: readonly number[],
  bindings: Map<string, Dim>,
): void {
  if (shape.length !== declared.length) {
    throw invalidOption(
      `Input ${quoted(input)} is of rank ${declared.length}, but shapes gives it ${shape.length} dims.`,
    );
  }
  for (const [axis, size] of shape.entries()) {
    checkedSize(size, `shapes.${input}[${axis}]`);
    const dim = declared[axis] ?? size;
    const name = nameOfDim(dim);
    const known = name === undefined ? dim : bindings.get(name);
    if (known !== undefined && known !== 0 && known !== size) {
      throw invalidOption(
        `Dim ${axis} of input ${quoted(input)} is ${String(known)}, but shapes gives it ${size}.`,
      );
    }
    if (name !== undefined) bindings.set(name, size);
  }
}

function checkedSize(size: number, option: string): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw invalidOption(`${option} is ${String(size)}, which is not the size of a dim.`);
}

/** @throws {CompilerError} `E_INVALID_OPTION` for a name that an option gives and the model has not. */
export function requireKnown(
  what: string,
  option: string,
  given: readonly string[],
  known: readonly string[],
): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    const list = known.length === 0 ? 'none' : known.slice(0, 50).map(quoted).join(', ');
    throw invalidOption(`${option} names ${quoted(name)}, which is no ${what} of the model.`, {
      hint: `The model has: ${list}.`,
    });
  }
}

export function invalidOption(message: string, options: { hint?: string } = {}): CompilerError {
  return new CompilerError('E_INVALID_OPTION', message, options);
}

function nameOfDim(dim: Dim): string | undefined {
  if (typeof dim === 'number') return undefined;
  const atom = dim.terms[0]?.atoms[0];
  return atom?.kind === 'name' ? atom.name : undefined;
}

export function nameOf(info: onnx.IValueInfoProto): string {
  return info.name ?? '';
}

/** Runs a published case: compiles its model, runs the module on each set of inputs, compares all outputs. */

import {
  type CompileOptions,
  CompilerError,
  compile,
  type RunnableModel,
  readTensor,
  type Target,
  type TensorData,
  tensorData,
} from '@whittle/compiler';
import { importOnnx } from '@whittle/onnx';
import { differenceOf, type ElementTolerance } from './compare-elements.js';
import { type DataSet, type PublishedCase, readDataSets, readModel } from './published-cases.js';

export interface CaseResult {
  readonly id: string;
  readonly passes: boolean;
  /** The code of the error that refused the model, `E_RUN` where running failed, or `differs`. */
  readonly code?: string;
  /** Why it does not pass, one line. */
  readonly reason?: string;
  /** The inputs that were bound when compiling, since shapes depend on them. */
  readonly bound: readonly string[];
}

export interface RunSettings {
  readonly target: Target;
  readonly tolerance: ElementTolerance;
  /** For wgsl. */
  readonly device?: object;
}

type Tensor = ReturnType<typeof readTensor>;
type Value = ReturnType<typeof importOnnx>['inputs'][number];

/** Never rejects: whatever goes wrong is the result. */
export async function runCase(given: PublishedCase, settings: RunSettings): Promise<CaseResult> {
  const { id } = given;
  let bound: readonly string[] = [];
  try {
    const bytes = await readModel(given);
    const { inputs, outputs } = importOnnx(bytes);
    const sets = await readDataSets(given);
    const outputValues = outputs.map(({ name, value }) => ({ ...value, name }));
    for (const [i, set] of sets.entries()) {
      const feeds = tensorsOf(inputs, set.inputs);
      const expected = tensorsOf(outputValues, set.outputs);
      const prepared = await prepare(bytes, feeds, settings);
      bound = prepared.bound;
      const problem = await problemOf(prepared, feeds, expected, settings);
      if (problem === undefined) continue;
      return { id, passes: false, code: 'differs', reason: `set ${i}: ${problem}`, bound };
    }
    return { id, passes: true, bound };
  } catch (error) {
    const code = error instanceof CompilerError ? error.code : 'E_RUN';
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    return { id, passes: false, code, reason, bound };
  }
}

interface PreparedCase {
  readonly model: RunnableModel;
  readonly bound: readonly string[];
}

/**
 * Compiled for these inputs. Where the model does not compile so because a shape depends on what is in an
 * input, the small ones that are sizes, axes and flags, and not data, are bound: first whole numbers and
 * scalars, then short lists of floats too, such as the scales of a Resize.
 */
async function prepare(
  bytes: Uint8Array,
  feeds: ReadonlyMap<string, Tensor>,
  settings: RunSettings,
): Promise<PreparedCase> {
  const shapes = Object.fromEntries([...feeds].map(([name, { dims }]) => [name, dims]));
  let refusal: unknown;
  for (const isBound of [() => false, isSizeOrFlag, isShortList]) {
    const operands = [...feeds].filter(([, tensor]) => isBound(tensor));
    const constants = Object.fromEntries(operands);
    try {
      const model = await loadModel(bytes, { shapes, constants }, settings);
      return { model, bound: operands.map(([name]) => name) };
    } catch (error) {
      if (!(error instanceof CompilerError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function isSizeOrFlag({ dtype, dims }: Tensor): boolean {
  return dims.length === 0 || (dims.length === 1 && /int/.test(dtype));
}

function isShortList({ dims: [length = 1, ...more] }: Tensor): boolean {
  return more.length === 0 && length <= 8;
}

async function loadModel(
  bytes: Uint8Array,
  options: CompileOptions,
  { target, device }: RunSettings,
): Promise<RunnableModel> {
  const { files } = await compile(bytes, { ...options, target, inline: true });
  const text = [...files].find(([name]) => name.endsWith('.js'))?.[1] ?? new Uint8Array();
  const address = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  const module: EmittedModule = await import(address);
  return module.load(device === undefined ? {} : { device });
}

interface EmittedModule {
  load(options: { readonly device?: object }): Promise<RunnableModel>;
}

async function problemOf(
  { model, bound }: PreparedCase,
  feeds: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Tensor>,
  { tolerance }: RunSettings,
): Promise<string | undefined> {
  const fed = [...feeds].filter(([name]) => !bound.includes(name));
  const given = fed.map(([name, tensor]) => [name, tensorData(tensor)] as const);
  try {
    const results = await model.run(Object.fromEntries(given));
    for (const [name, tensor] of expected) {
      const actual: TensorData | undefined = results[name];
      const difference = differenceOf(name, actual, tensorData(tensor), tolerance);
      if (difference !== undefined) return difference;
    }
    return undefined;
  } finally {
    model.dispose?.();
  }
}

/** Files may be fewer than values: optional outputs that the case does not look at. */
function tensorsOf(
  values: readonly Value[],
  files: DataSet['inputs'],
): ReadonlyMap<string, Tensor> {
  const named = values.flatMap((value, i): [string, Tensor][] => {
    const bytes = files[i];
    return bytes === undefined
      ? []
      : [[value.name, asDeclared(readTensor(tensorBytes(bytes)), value)]];
  });
  return new Map(named);
}

/** An `OptionalProto` holds its name, its kind, and for kind 1 a tensor; all else is a tensor itself. */
function tensorBytes(bytes: Uint8Array): Uint8Array {
  const [nameTag, nameLength = 0] = bytes;
  const kindAt = 2 + nameLength;
  const isOptional = nameTag === 0x0a && bytes[kindAt] === 0x10 && bytes[kindAt + 2] === 0x1a;
  return isOptional ? bytes.subarray(kindAt + 4) : bytes;
}

/**
 * The published files hold bfloat16 as its bits in uint16, and of a tensor of which only the type matters
 * no more than one element.
 */
function asDeclared(tensor: Tensor, { type }: Value): Tensor {
  if (type === undefined) return tensor;
  const isBits = type.dtype === 'bfloat16' && tensor.dtype === 'uint16';
  const typed: Tensor = isBits ? { ...tensor, dtype: 'bfloat16' } : tensor;
  const isOne = tensor.dims.length === 1 && tensor.dims[0] === 1;
  const dims = type.dims.flatMap((dim) => (typeof dim === 'number' ? [dim] : []));
  if (!isOne || dims.length !== type.dims.length || dims.length < 2) return typed;
  const count = dims.reduce((product, dim) => product * dim, 1);
  const size = tensor.bytes.length;
  const bytes = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) bytes.set(tensor.bytes, i * size);
  return { ...typed, dims, bytes };
}

/**
 * Cases of what opsets 18 to 23 changed, as data: one op in the form in which a model of that opset writes
 * it, and what goes in. `all.ts` has all of them; what must come out is asked of onnxruntime.
 */

import { type DType, dtypes } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import type { CaseInput } from '../../../kernel/test/op-cases/op-case.js';
import { i } from '../onnx-models.js';

/** A constant of an element type that the IR does not have: its number, name and packed bytes. */
export interface ForeignInput {
  readonly code: number;
  readonly type: string;
  readonly dims: readonly number[];
  readonly bytes: readonly number[];
}

/** Strings fed at run time. */
export interface TextInput {
  readonly dims: readonly number[];
  readonly strings: readonly string[];
}

export type OpsetInput = CaseInput | ForeignInput | TextInput | undefined;
type Attributes = Readonly<Record<string, types.IAttributeProto>>;
type HalfType = 'float16' | 'bfloat16';

export interface CaseOptions {
  /** What tells the case from others of the same op and inputs. */
  readonly note?: string;
  /** The names of the outputs, empty where one is left out. Default: `y`. */
  readonly outputs?: readonly string[];
  /** Inputs of float32 become this type before the op, and its outputs float32 again. */
  readonly as?: HalfType;
  /** What stands in the model instead of the one node of the op. */
  readonly nodes?: readonly types.INodeProto[];
  /** The elements of each output, where onnxruntime does not know the form. */
  readonly expected?: readonly ExpectedOutput[];
  /** An older opset of the same form, where onnxruntime does not have the op in that of the case. */
  readonly askedAt?: number;
  /** The code with which Whittle refuses the case on purpose. */
  readonly refused?: string;
}

interface ExpectedOutput {
  readonly dtype: Exclude<DType, 'string'>;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface OpsetCase extends CaseOptions {
  readonly opset: number;
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly OpsetInput[];
  readonly attributes: Attributes;
}

export function opsetCase(
  opset: number,
  op: string,
  inputs: readonly OpsetInput[],
  attributes: Attributes = {},
  options: CaseOptions = {},
): OpsetCase {
  const written = Object.entries(attributes).map(([name, value]) => `${name}=${textOf(value)}`);
  const notes = [options.as, options.note].filter((each) => each !== undefined).join(', ');
  const name = [`${op} ${opset}:`, ...inputs.map(typeText), ...written].join(' ');
  const noted = notes === '' ? name : `${name} (${notes})`;
  return { ...options, opset, op, name: noted, inputs, attributes };
}

/** The same case for elements of `float32`, `float16` and `bfloat16`. */
export function inEachFloat(
  ...[opset, op, inputs, attributes, options]: Parameters<typeof opsetCase>
) {
  return ([undefined, 'float16', 'bfloat16'] as const).map((as) =>
    opsetCase(opset, op, inputs, attributes, { ...options, ...(as && { as }) }),
  );
}

const foreignTypes = {
  float8e4m3fn: { code: 17, bits: 8 },
  float8e4m3fnuz: { code: 18, bits: 8 },
  float8e5m2: { code: 19, bits: 8 },
  float8e5m2fnuz: { code: 20, bits: 8 },
  uint4: { code: 21, bits: 4 },
  int4: { code: 22, bits: 4 },
  float4e2m1: { code: 23, bits: 4 },
} as const;

export type ForeignType = keyof typeof foreignTypes;

/** A constant of a type that the IR does not have; what is in it does not matter. */
export function foreign(type: ForeignType, dims: readonly number[]): ForeignInput {
  const { code, bits } = foreignTypes[type];
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { code, type, dims, bytes: Array<number>(Math.ceil((count * bits) / 8)).fill(0x21) };
}

/** The number of a foreign type, as `to` of Cast has it. */
export function foreignCode(type: ForeignType): types.IAttributeProto {
  return i(foreignTypes[type].code);
}

export function text(dims: readonly number[], strings: readonly string[]): TextInput {
  return { dims, strings };
}

export function isTensorInput(given: OpsetInput): given is CaseInput {
  return given !== undefined && 'tensor' in given;
}

export const isTextInput = (given: OpsetInput): given is TextInput =>
  given !== undefined && 'strings' in given;

function typeText(given: OpsetInput): string {
  if (given === undefined) return '-';
  if (isTextInput(given)) return `str[${given.dims.join(',')}]`;
  if (!isTensorInput(given)) return `const ${given.type}[${given.dims.join(',')}]`;
  const { dtype, dims } = given.tensor;
  return `${given.constant ? 'const ' : ''}${dtypes[dtype].short}[${dims.join(',')}]`;
}

function textOf({ f, i, s, floats, ints, t }: types.IAttributeProto): string {
  if (s) return new TextDecoder().decode(s);
  if (t) return 'tensor';
  return String(f ?? i ?? floats ?? ints ?? 'graph');
}

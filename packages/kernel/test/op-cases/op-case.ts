/**
 * Test cases of single ops, as data: what goes in, which attributes. What must come out is asked of
 * onnxruntime (`reference.ts`), or written where it does not know the form. Every target runs the
 * same cases.
 */

import {
  type AttributeLiterals,
  type DType,
  dtypes,
  elementCount,
  type Graph,
  GraphBuilder,
  type Tensor,
  tensorOf,
  type Value,
} from '@whittle/ir';

export type ElementType = Exclude<DType, 'string'>;

/** An input of the op: fed at run time, or a constant of the model. */
export interface CaseInput {
  readonly tensor: Tensor & { readonly dtype: ElementType };
  readonly constant: boolean;
}

/** The graphs inside of the op, which may read the values of the case's inputs. */
export type Regions = (
  outer: GraphBuilder,
  inputs: readonly Value[],
) => Readonly<Record<string, Graph>>;

export interface OpCase {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly (CaseInput | undefined)[];
  readonly attributes: AttributeLiterals;
  readonly regions?: Regions;
  /** How many inputs the op takes, if not all: regions may read the others. */
  readonly taken?: number;
  /** How many outputs are asked for. */
  readonly outputs: number;
  /** Whether targets with a grid refuse the case. */
  readonly refusedOnGrid?: boolean;
  /** The elements of each output, where onnxruntime cannot say. */
  readonly expected?: readonly (readonly (number | bigint)[])[];
}

export interface CaseOptions extends Pick<OpCase, 'regions' | 'taken' | 'refusedOnGrid'> {
  readonly outputs?: number;
  readonly note?: string;
  readonly expected?: readonly (readonly (number | bigint)[])[];
}

export function opCase(
  op: string,
  inputs: readonly (CaseInput | undefined)[],
  attributes: AttributeLiterals = {},
  options: CaseOptions = {},
): OpCase {
  const types = inputs.map((input) => {
    if (input === undefined) return '-';
    const { dtype, dims } = input.tensor;
    return `${input.constant ? 'const ' : ''}${dtypes[dtype].short}[${dims.join(',')}]`;
  });
  const written = Object.entries(attributes).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  const note = options.note === undefined ? '' : ` (${options.note})`;
  return {
    name: `${op} ${[...types, ...written].join(' ')}${note}`,
    op,
    inputs,
    attributes,
    ...(options.regions && { regions: options.regions }),
    ...(options.taken !== undefined && { taken: options.taken }),
    ...(options.refusedOnGrid && { refusedOnGrid: true }),
    outputs: options.outputs ?? 1,
    ...(options.expected === undefined ? {} : { expected: options.expected }),
  };
}

/** An input with the elements given, or with ones that take turns over what the dtype holds. */
export function feed(
  dtype: ElementType,
  dims: readonly number[],
  values?: readonly (number | bigint)[],
): CaseInput {
  const given = values ?? variedElements(dtype, elementCount(dims));
  return { tensor: { ...tensorOf(dtype, dims, given), dtype }, constant: false };
}

export const f32 = (dims: readonly number[], values?: readonly number[]): CaseInput =>
  feed('float32', dims, values);
export const i32 = (dims: readonly number[], values?: readonly number[]): CaseInput =>
  feed('int32', dims, values);
export const i64 = (dims: readonly number[], values?: readonly (number | bigint)[]): CaseInput =>
  feed('int64', dims, values);
export const bool = (dims: readonly number[], values?: readonly number[]): CaseInput =>
  feed('bool', dims, values);

/** The same input as a constant of the model. */
export function fixed(input: CaseInput): CaseInput {
  return { ...input, constant: true };
}

/** A 1-d int64 constant: axes, shapes, pads. */
export function ints(...values: number[]): CaseInput {
  return fixed(i64([values.length], values));
}

/** Elements without a pattern that an op could keep by accident, the same in every run. */
function variedElements(dtype: ElementType, count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const unit = (state >>> 8) / 2 ** 23;
    switch (dtypes[dtype].kind) {
      case 'float':
        // A few digits only, so that 16-bit floats and sums are exact.
        return Math.round((unit * 8 - 4) * 64) / 64;
      case 'bool':
        return unit > 0.5 ? 1 : 0;
      case 'unsigned':
        return Math.floor(unit * 20);
      default:
        return Math.floor(unit * 40) - 20;
    }
  });
}

/**
 * How the op stands in its graph. None changes the result:
 * - `alone`: inputs in, outputs out;
 * - `channels-last`: behind a depthwise convolution that gives back its input, so that memory is laid
 *   out otherwise;
 * - `fused`: between elementwise ops that may share its kernel.
 */
const settings = ['alone', 'channels-last', 'fused'] as const;
export type Setting = (typeof settings)[number];

/**
 * The settings that suit a case. With a `turn`, the one whose turn it is: cases that are numbered one after the other
 * so take all settings in turn.
 */
export function settingsOf(opCase: OpCase, turn?: number): readonly Setting[] {
  const suiting = settings.filter((setting) => suits(opCase, setting));
  if (turn === undefined) return suiting;
  const at = turn % suiting.length;
  return suiting.slice(at, at + 1);
}

/** Whether a case can stand in a setting. */
function suits(opCase: OpCase, setting: Setting): boolean {
  const first = opCase.inputs.find((input) => input !== undefined && !input.constant)?.tensor;
  switch (setting) {
    case 'alone':
      return true;
    case 'channels-last':
      return (
        first?.dtype === 'float32' &&
        first.dims.length >= 3 &&
        first.dims.length <= 5 &&
        elementCount(first.dims) > 0
      );
    case 'fused':
      return first !== undefined;
  }
}

/** A graph of the op, with inputs `x0`, `x1`, … and outputs `y0`, `y1`, … */
export function graphOf(opCase: OpCase, setting: Setting): Graph {
  const builder = new GraphBuilder(opCase.op);
  const inputs = opCase.inputs.map((input, i) => {
    if (input === undefined) return undefined;
    const { dtype, dims } = input.tensor;
    if (input.constant) return builder.constant(input.tensor, `c${i}`);
    return before(builder, builder.input(`x${i}`, dtype, dims), setting);
  });
  const given = inputs.filter((input) => input !== undefined);
  const regions = opCase.regions?.(builder, given);
  const node = builder.node(opCase.op, inputs.slice(0, opCase.taken), opCase.attributes, {
    ...(regions && { regions }),
    outputs: Array.from({ length: opCase.outputs }, (_, i) => `out${i}`),
  });
  node.outputs.forEach((output, i) => {
    if (output === undefined) return;
    builder.output(`y${i}`, setting === 'fused' ? twice(builder, output) : output);
  });
  return builder.build();
}

function before(builder: GraphBuilder, value: Value, setting: Setting): Value {
  if (setting === 'fused') return twice(builder, value);
  const { dtype, dims = [] } = value.type ?? {};
  if (setting === 'alone' || dtype !== 'float32' || dims.length < 3 || dims.length > 5)
    return value;
  const [, channels] = dims;
  if (typeof channels !== 'number' || dims.includes(0)) return value;
  const filter = [channels, 1, ...dims.slice(2).map(() => 1)];
  const ones = tensorOf('float32', filter, Array<number>(channels).fill(1));
  return builder.op('Conv', [value, builder.constant(ones)], { group: channels });
}

/** An elementwise op and its inverse. */
function twice(builder: GraphBuilder, value: Value): Value {
  const kind = value.type && dtypes[value.type.dtype].kind;
  const op = kind === 'bool' ? 'Not' : kind === 'unsigned' ? 'BitwiseNot' : 'Neg';
  return builder.op(op, [builder.op(op, [value])]);
}

/** The inputs to run a case with, by name. */
export function feedsOf(opCase: OpCase): Record<string, CaseInput['tensor']> {
  return Object.fromEntries(
    opCase.inputs.flatMap((input, i) =>
      input === undefined || input.constant ? [] : [[`x${i}`, input.tensor]],
    ),
  );
}

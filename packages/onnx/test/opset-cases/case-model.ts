/** The models of the cases: one op between its inputs and outputs, in the opset of the case. */

import type { DType } from '@whittle/ir';
import type { onnx as types } from 'onnx-proto';
import { dataTypeOf } from '../../src/data-type.js';
import { tensorProto } from '../../src/export/tensor-type-proto.js';
import { graphOf, i, input, modelBytes, node } from '../onnx-models.js';
import { isTensorInput, isTextInput, type OpsetCase, type OpsetInput } from './opset-case.js';

/** The IR versions that belong to the opsets. */
const irVersions: Readonly<Record<number, number>> = {
  18: 8,
  19: 9,
  20: 9,
  21: 10,
  22: 10,
  23: 11,
};

/** The model of a case, with inputs `x0`, `x1`, … */
export function modelOf(each: OpsetCase): Uint8Array {
  return each.as === undefined
    ? modelThrough(each, [], [])
    : modelThrough(each, [each.as], ['float32']);
}

/**
 * The model as onnxruntime can be asked for it: with the op in float32, between conversions that round to the type
 * of the case, as it has the conversions and not all ops.
 */
export function referenceModelOf(each: OpsetCase): Uint8Array {
  const { as, askedAt = each.opset } = each;
  const asked = { ...each, opset: askedAt };
  if (as === undefined) return modelOf(asked);
  return modelThrough(asked, [as, 'float32'], [as, 'float32']);
}

/** Floats become each type of `before` on the way to the op, and what it gives those of `after`. */
function modelThrough(
  each: OpsetCase,
  before: readonly DType[],
  after: readonly DType[],
): Uint8Array {
  const { op, attributes, opset } = each;
  const outputs = each.outputs ?? ['y'];
  const given = each.inputs.map((one, at) => ({ one, name: one === undefined ? '' : `x${at}` }));
  const read = given.map(({ one, name }) =>
    isTensorInput(one) && one.tensor.dtype === 'float32'
      ? (steps(name, before).at(-1) ?? name)
      : name,
  );
  const written = outputs.map((name) => (name === '' || after.length === 0 ? name : `${name}_0`));
  const nodes = [
    ...given.flatMap(({ one, name }) =>
      isTensorInput(one) && one.tensor.dtype === 'float32' ? casts(name, before) : [],
    ),
    ...(each.nodes ?? [node(op, read, written, attributes)]),
    ...written.flatMap((from, at) => (from === '' ? [] : casts(from, after, outputs[at]))),
  ];
  const graph = graphOf({
    inputs: given.flatMap(({ one, name }) => infoOf(one, name)),
    outputs: outputs.filter((name) => name !== '').map((name) => ({ name })),
    nodes,
  });
  const initializer = given.flatMap(({ one, name }) => initializerOf(one, name));
  const extra = { graph: { ...graph, initializer } };
  return modelBytes({ opset, irVersion: irVersions[opset] ?? 11, outputs: [], nodes: [], extra });
}

/** The names of a value after each conversion. */
function steps(name: string, through: readonly DType[]): readonly string[] {
  return through.map((_, at) => `${name}_to_${at}`);
}

function casts(name: string, through: readonly DType[], last?: string): types.INodeProto[] {
  const names = steps(name, through);
  return through.map((dtype, at) => {
    const to = at === through.length - 1 ? last : undefined;
    return node('Cast', [names[at - 1] ?? name], [to ?? names[at] ?? name], {
      to: i(dataTypeOf(dtype)),
    });
  });
}

/** What a model declares of an input that is fed. */
function infoOf(given: OpsetInput, name: string): types.IValueInfoProto[] {
  if (isTextInput(given)) return [input(name, given.dims, 'string')];
  if (!isTensorInput(given) || given.constant) return [];
  return [input(name, given.tensor.dims, given.tensor.dtype)];
}

function initializerOf(given: OpsetInput, name: string): types.ITensorProto[] {
  if (given === undefined || isTextInput(given)) return [];
  if (isTensorInput(given)) return given.constant ? [tensorProto(given.tensor, name)] : [];
  const { code, dims, bytes } = given;
  return [{ name, dataType: code, dims: [...dims], rawData: Uint8Array.from(bytes) }];
}

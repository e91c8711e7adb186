/** `AttributeProto` messages to the attributes and regions of a node. */

import { type Attribute, type Attributes, CompilerError, type ErrorLocation } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import { saturatedInt } from './int64.js';
import { textOf } from './proto.js';
import { quoted } from './quoted.js';
import { type TensorSource, tensorFromProto } from './tensor-proto.js';

export interface DecodedAttributes {
  readonly attributes: Attributes;
  /** Attributes that hold a graph, by name, not imported yet. */
  readonly graphs: ReadonlyMap<string, onnx.IGraphProto>;
}

/** The `AttributeProto.AttributeType` numbers of the kinds that Whittle keeps. */
const types = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 };

/** Models of the first IR version do not write the type: it is that of the field that is set. */
const fieldsByType: readonly (readonly [keyof onnx.IAttributeProto, number])[] = [
  ['f', types.float],
  ['i', types.int],
  ['s', types.string],
  ['t', types.tensor],
  ['g', types.graph],
  ['floats', types.floats],
  ['ints', types.ints],
  ['strings', types.strings],
];

/**
 * @throws {CompilerError} `E_INVALID_MODEL` where a name comes twice, `E_UNSUPPORTED_FEATURE` for
 *   kinds that Whittle does not keep (sparse tensors, types, lists of tensors or graphs).
 */
export function attributesFromProto(
  protos: readonly onnx.IAttributeProto[],
  source: TensorSource,
  where: ErrorLocation,
): DecodedAttributes {
  const attributes = new Map<string, Attribute>();
  const graphs = new Map<string, onnx.IGraphProto>();
  for (const proto of protos) {
    const name = proto.name ?? '';
    if (attributes.has(name) || graphs.has(name)) {
      throw new CompilerError('E_INVALID_MODEL', `Attribute ${quoted(name)} is given twice.`, {
        where,
      });
    }
    if (typeOf(proto) === types.graph && proto.g) graphs.set(name, proto.g);
    else attributes.set(name, attributeFromProto(proto, source, where));
  }
  return { attributes: Object.fromEntries(attributes), graphs };
}

function attributeFromProto(
  proto: onnx.IAttributeProto,
  source: TensorSource,
  where: ErrorLocation,
): Attribute {
  switch (typeOf(proto)) {
    case types.float:
      return { kind: 'float', value: proto.f ?? 0 };
    case types.int:
      return { kind: 'int', value: saturatedInt(proto.i) };
    case types.string:
      return { kind: 'string', value: textOf(proto.s ?? new Uint8Array(0)) };
    case types.tensor:
      return { kind: 'tensor', value: tensorFromProto(proto.t ?? {}, source, proto.name ?? '') };
    case types.floats:
      return { kind: 'floats', value: proto.floats ?? [] };
    case types.ints:
      return { kind: 'ints', value: (proto.ints ?? []).map(saturatedInt) };
    case types.strings:
      return { kind: 'strings', value: (proto.strings ?? []).map(textOf) };
    default:
      throw new CompilerError(
        'E_UNSUPPORTED_FEATURE',
        `Attribute ${quoted(proto.name ?? '')} of ${where.op ?? 'a node'} is of a kind that Whittle does not keep.`,
        { where },
      );
  }
}

function typeOf(proto: onnx.IAttributeProto): number {
  if (proto.type) return proto.type;
  for (const [field, type] of fieldsByType) {
    const value = Object.hasOwn(proto, field) ? proto[field] : undefined;
    if (value !== undefined && value !== null && !isEmptyList(value)) return type;
  }
  return types.ints;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

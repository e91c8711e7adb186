/**
 * A scan over the bytes of a model before anything decodes them: the decoder recurses, allocates
 * and trusts the nesting of lengths, and this is where all of that becomes safe. It walks messages
 * with a stack of its own, never looks inside strings and weights, and takes time linear in the
 * structure of the file.
 *
 * Vocabulary, of the Protocol Buffers wire format: a *tag* is a field number with a *wire type*
 * (varint, fixed64, length-delimited, group start, group end, fixed32).
 */

import { CompilerError } from '@whittle/ir';
import type { ImportLimits } from './limits.js';
import { advance, type Cursor, invalid, readLength, readVarint } from './wire-cursor.js';
import { type Frame, Nesting } from './wire-nesting.js';
import { type FieldKind, isMessageName, wireSchema } from './wire-schema.js';

/** A field that the decoder does not know and drops. */
export interface UnknownField {
  readonly message: string;
  readonly field: number;
}

export interface WireScan {
  /** Each kind of unknown field once, in order of first appearance. */
  readonly unknownFields: readonly UnknownField[];
}

/**
 * Checks that `bytes` are a well-formed ONNX `ModelProto` within the limits.
 * @throws {CompilerError} `E_INVALID_MODEL`, `E_LIMIT_DEPTH`, `E_LIMIT_COUNT` or `E_LIMIT_SIZE`.
 */
export function scanModel(bytes: Uint8Array, limits: ImportLimits): WireScan {
  if (bytes.byteLength > limits.modelBytes) {
    throw new CompilerError(
      'E_LIMIT_SIZE',
      `The model has ${bytes.byteLength} bytes; the limit is ${limits.modelBytes}.`,
    );
  }
  if (bytes.byteLength === 0) throw invalid('The model is empty: it has 0 bytes.');
  const cursor: Cursor = { bytes, position: 0, end: bytes.byteLength };
  const nesting = new Nesting(limits);
  const unknown = new Map<string, UnknownField>();
  nesting.enter('ModelProto', bytes.byteLength, 0);
  for (let frame = nesting.top; frame !== undefined; frame = nesting.top) {
    if (cursor.position === frame.end) {
      nesting.leave(cursor.position);
      cursor.end = nesting.top?.end ?? cursor.end;
    } else {
      scanField(cursor, frame, nesting, unknown);
    }
  }
  return { unknownFields: [...unknown.values()] };
}

/** A file of nothing but unknown fields must not make a warning of each. */
const maximalUnknown = 100;

const wireTypes = ['varint', 'fixed64', 'length', 'group', 'group end', 'fixed32'] as const;
type WireType = (typeof wireTypes)[number];

/** Reads one tag and steps over its field, or into it where it is a message. */
function scanField(
  cursor: Cursor,
  frame: Frame,
  nesting: Nesting,
  unknown: Map<string, UnknownField>,
): void {
  const start = cursor.position;
  const tag = readVarint(cursor);
  const field = Math.floor(tag / 8);
  const wireType = wireTypes[tag % 8];
  if (tag > 0xffffffff || field === 0 || wireType === undefined) {
    throw invalid(`There is no valid field tag at byte ${start}.`);
  }
  if (wireType === 'group end') {
    if (frame.message !== 'group' || frame.groupField !== field) {
      throw invalid(`The group end at byte ${start} closes no group.`);
    }
    nesting.leave(start);
    return;
  }
  const schema = frame.message === 'group' ? undefined : wireSchema[frame.message];
  const kind = schema?.fields[field];
  if (kind === undefined) {
    if (schema !== undefined && unknown.size < maximalUnknown) {
      unknown.set(`${frame.message}.${field}`, { message: frame.message, field });
    }
    skipField(cursor, wireType, field, nesting, start);
    return;
  }
  if (!(wireTypesOfKind[kind] ?? onlyLength).includes(wireType)) {
    throw invalid(
      `Field ${field} of ${frame.message} at byte ${start} has the wire type ${wireType}.`,
    );
  }
  if (schema?.required?.field === field) frame.hasRequired = true;
  if (isMessageName(kind)) {
    const end = readLength(cursor);
    cursor.end = end;
    nesting.enter(kind, end, start);
    return;
  }
  if (wireType === 'length') checkPacked(cursor, kind, start);
  else skipField(cursor, wireType, field, nesting, start);
}

function skipField(
  cursor: Cursor,
  wireType: WireType,
  field: number,
  nesting: Nesting,
  start: number,
): void {
  switch (wireType) {
    case 'varint':
      readVarint(cursor);
      return;
    case 'fixed64':
      advance(cursor, 8, start);
      return;
    case 'fixed32':
      advance(cursor, 4, start);
      return;
    case 'length':
      cursor.position = readLength(cursor);
      return;
    case 'group':
      nesting.enter('group', cursor.end, start, field);
      return;
    case 'group end':
      throw invalid(`The group end at byte ${start} closes no group.`);
  }
}

const wireTypesOfKind: Readonly<Record<string, readonly WireType[]>> = {
  varint: ['varint'],
  float: ['fixed32'],
  varints: ['varint', 'length'],
  floats: ['fixed32', 'length'],
  doubles: ['fixed64', 'length'],
};

const onlyLength: readonly WireType[] = ['length'];

/** A packed list must end where an element ends: the decoder would read on into the next field. */
function checkPacked(cursor: Cursor, kind: FieldKind, start: number): void {
  const end = readLength(cursor);
  const size = end - cursor.position;
  cursor.position = end;
  const cut =
    (kind === 'varints' && size > 0 && (cursor.bytes[end - 1] ?? 0) >= 0x80) ||
    (kind === 'floats' && size % 4 !== 0) ||
    (kind === 'doubles' && size % 8 !== 0);
  if (cut) throw invalid(`The packed list at byte ${start} ends in the middle of an element.`);
}

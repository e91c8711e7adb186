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
import { type FieldKind, isMessageName, type MessageName, wireSchema } from './wire-schema.js';

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

interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
  /** Where the innermost message ends; nothing is read beyond it. */
  end: number;
}

interface Frame {
  /** A group has no schema: ONNX uses none, so all in it is unknown. */
  readonly message: MessageName | 'group';
  readonly start: number;
  readonly end: number;
  /** The field number that must close a group. */
  readonly groupField: number;
  hasRequired: boolean;
}

/** The messages that are open, with the counts that the limits are about. */
class Nesting {
  readonly #limits: ImportLimits;
  readonly #frames: Frame[] = [];
  readonly #open = new Map<string, number>([['group', 1]]);
  readonly #counts = new Map<string, number>();
  #messages = 0;

  constructor(limits: ImportLimits) {
    this.#limits = limits;
  }

  get top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  enter(message: Frame['message'], end: number, start: number, groupField = 0): void {
    const open = (this.#open.get(message) ?? 0) + 1;
    if (open > this.#limits.depth + 1) {
      throw new CompilerError(
        'E_LIMIT_DEPTH',
        `The model nests ${message} more than ${this.#limits.depth} levels deep.`,
        { hint: 'No exporter writes such a file; it may be damaged or hostile.' },
      );
    }
    this.#open.set(message, open);
    this.#count(message);
    this.#frames.push({ message, start, end, groupField, hasRequired: false });
  }

  leave(position: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    this.#open.set(frame.message, (this.#open.get(frame.message) ?? 1) - 1);
    if (frame.message === 'group') {
      if (position === frame.end) throw invalid(`The group at byte ${frame.start} has no end.`);
      return;
    }
    const { required } = wireSchema[frame.message];
    if (required !== undefined && !frame.hasRequired) {
      throw invalid(`The ${frame.message} at byte ${frame.start} has no ${required.name}.`);
    }
  }

  #count(message: Frame['message']): void {
    this.#messages++;
    const limited = limitedMessages[message];
    if (limited !== undefined) {
      const count = (this.#counts.get(message) ?? 0) + 1;
      this.#counts.set(message, count);
      if (count > this.#limits[limited]) throw tooMany(limited, this.#limits[limited]);
    }
    if (this.#messages > this.#limits.messages) throw tooMany('messages', this.#limits.messages);
  }
}

const limitedMessages: Readonly<Record<string, 'nodes' | 'attributes' | 'tensors'>> = {
  NodeProto: 'nodes',
  AttributeProto: 'attributes',
  TensorProto: 'tensors',
};

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
    if (schema !== undefined) {
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

/** Reads a length and returns where what it measures ends. */
function readLength(cursor: Cursor): number {
  const start = cursor.position;
  const size = readVarint(cursor);
  if (size > cursor.end - cursor.position) {
    throw invalid(
      `A field at byte ${start} claims ${size} bytes, but only ${cursor.end - cursor.position} are left; the file may be truncated.`,
    );
  }
  return cursor.position + size;
}

function advance(cursor: Cursor, size: number, start: number): void {
  if (size > cursor.end - cursor.position) {
    throw invalid(`The field at byte ${start} is cut short; the file may be truncated.`);
  }
  cursor.position += size;
}

/** A varint as a number, exact up to 2^53: only tags and lengths are looked at. */
function readVarint(cursor: Cursor): number {
  const start = cursor.position;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = cursor.bytes[cursor.position];
    if (byte === undefined || cursor.position >= cursor.end) {
      throw invalid(`The integer at byte ${start} is cut short; the file may be truncated.`);
    }
    cursor.position++;
    value += (byte % 0x80) * scale;
    if (byte < 0x80) return value;
    scale *= 0x80;
  }
  throw invalid(`The integer at byte ${start} is longer than 10 bytes.`);
}

function invalid(message: string): CompilerError {
  return new CompilerError('E_INVALID_MODEL', message, {
    hint: 'Check that the file is an ONNX model.',
  });
}

function tooMany(what: string, limit: number): CompilerError {
  return new CompilerError('E_LIMIT_COUNT', `The model has more than ${limit} ${what}.`, {
    hint: `Raise limits.${what} if the model is to be trusted.`,
  });
}

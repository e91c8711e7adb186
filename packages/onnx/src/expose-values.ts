/**
 * A model with more outputs: values that its nodes define, so that another engine shows what it
 * computes on the way. The outputs are written at the end of the graph's message; all else stays byte
 * for byte as it is, whether Whittle knows it or not.
 *
 * Source: the encoding guide of protocol buffers.
 */

import { decodeModel } from './decode.js';
import { defaultLimits } from './limits.js';
import { utf8Of } from './proto.js';

/** `ModelProto.graph`, `GraphProto.output` and `ValueInfoProto.name`. */
const fields = { graph: 7, output: 12, name: 1 } as const;

/**
 * The model with those of `names` as further outputs that a node of its main graph defines and that
 * are no outputs yet.
 * @throws {CompilerError} as `importOnnx` does for bytes that do not decode.
 */
export function exposeValues(bytes: Uint8Array, names: Iterable<string>): Uint8Array {
  const { model } = decodeModel(bytes, defaultLimits);
  const defined = new Set(model.graph?.node?.flatMap((node) => node.output ?? []));
  for (const { name } of model.graph?.output ?? []) defined.delete(name ?? '');
  const outputs = [...new Set(names)]
    .filter((name) => name !== '' && defined.has(name))
    .map((name) => message(fields.output, message(fields.name, utf8Of(name))));
  const { tag, start, end } = lastField(bytes, fields.graph);
  const graph = concatenate([bytes.subarray(start, end), ...outputs]);
  return concatenate([bytes.subarray(0, tag), message(fields.graph, graph), bytes.subarray(end)]);
}

interface FieldPlace {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Where the content of a field of bytes lies; the last one counts. The wire scan has vouched for all. */
function lastField(bytes: Uint8Array, field: number): FieldPlace {
  let found: FieldPlace = { tag: bytes.length, start: bytes.length, end: bytes.length };
  for (let at = 0; at < bytes.length; ) {
    const tag = at;
    const key = readVarint(bytes, at);
    const value = readVarint(bytes, key.next);
    const skip: Readonly<Record<number, number>> = {
      0: value.next,
      1: key.next + 8,
      5: key.next + 4,
    };
    at = skip[key.value % 8] ?? value.next + value.value;
    if (key.value === field * 8 + 2) found = { tag, start: value.next, end: at };
  }
  return found;
}

function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let next = at;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[next++] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, next };
  }
}

function message(field: number, content: Uint8Array): Uint8Array {
  return concatenate([varint(field * 8 + 2), varint(content.byteLength), content]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

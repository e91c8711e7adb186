import { CompilerError } from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/index.js';
import { defaultLimits } from '../src/limits.js';
import { scanModel } from '../src/wire-scan.js';
import { tinyModel } from './onnx-models.js';

/** A varint of any size. */
function varint(value: number): number[] {
  const bytes = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** Wraps bytes into length-delimited fields, the innermost last in the list; linear in its result. */
function nest(fields: readonly number[], innermost: readonly number[] = []): Uint8Array {
  const headers: number[][] = [];
  let size = innermost.length;
  for (const field of fields.toReversed()) {
    const header = [...varint(field * 8 + 2), ...varint(size)];
    headers.push(header);
    size += header.length;
  }
  return Uint8Array.from([...headers.toReversed().flat(), ...innermost]);
}

function repeated(times: number, fields: readonly number[]): number[] {
  return Array.from({ length: times }, () => fields).flat();
}

/** The name of an attribute and the op of a node come last, so that they do not stop the scan. */
const graphBomb = (depth: number) => nest([7, ...repeated(depth, [1, 5, 6])]);
const typeBomb = (depth: number) => nest([7, 11, 2, ...repeated(depth, [4, 1])]);
const groupBomb = (depth: number) =>
  Uint8Array.from([...repeated(depth, varint(99 * 8 + 3)), ...repeated(depth, varint(99 * 8 + 4))]);

function codeOf(bytes: Uint8Array): string {
  try {
    scanModel(bytes, defaultLimits);
    return 'ok';
  } catch (error) {
    return error instanceof CompilerError ? error.code : String(error);
  }
}

describe('depth', () => {
  test.each([
    ['types', typeBomb],
    ['groups', groupBomb],
  ])('%s: 64 levels pass, 65 and 100,000 do not', (_, bomb) => {
    expect(codeOf(bomb(64))).toBe('ok');
    expect(codeOf(bomb(65))).toBe('E_LIMIT_DEPTH');
    const bytes = bomb(100_000);
    const start = performance.now();
    expect(codeOf(bytes)).toBe('E_LIMIT_DEPTH');
    expect(performance.now() - start).toBeLessThan(50);
  });

  test('graphs: 64 levels get as far as the missing op, 65 and 100,000 do not', () => {
    expect(codeOf(graphBomb(64))).toBe('E_INVALID_MODEL');
    expect(codeOf(graphBomb(65))).toBe('E_LIMIT_DEPTH');
    const bytes = graphBomb(100_000);
    const start = performance.now();
    expect(codeOf(bytes)).toBe('E_LIMIT_DEPTH');
    expect(performance.now() - start).toBeLessThan(50);
  });

  test('the decoder follows as deep as the scan allows', () => {
    expect(() => importOnnx(typeBomb(64))).toThrow(/opset/);
    expect(() => importOnnx(groupBomb(64))).toThrow(/no graph/);
  });
});

describe('malformed bytes', () => {
  const graph = 7 * 8 + 2;
  test.each<[string, readonly number[]]>([
    ['nothing', []],
    ['text', [...new TextEncoder().encode('This is not a model, whatever the name says.')]],
    ['a length past the end', [graph, 5, 0]],
    ['a length past the parent', [graph, 2, 1 * 8 + 2, 1, 0, 0, 0]],
    ['a truncated varint', [8, 0x80]],
    ['an 11-byte varint', [8, ...Array(10).fill(0x80), 0]],
    ['wire type 6', [14]],
    ['wire type 7', [15]],
    ['field number 0', [0, 0]],
    ['a tag beyond 32 bits', [...varint(2 ** 35), 0]],
    ['a graph as a varint', [7 * 8, 1]],
    ['a graph as a group', [7 * 8 + 3, 7 * 8 + 4]],
    ['a group without an end', [99 * 8 + 3].flatMap(varint)],
    ['a group closed by another', [99 * 8 + 3, 98 * 8 + 4].flatMap(varint)],
    ['a group end alone', varint(99 * 8 + 4)],
    ['a node without an op', [...nest([7, 1])]],
    ['an attribute without a name', [...nest([7, 1, 5])]],
    ['packed dims cut in an element', [...nest([7, 5, 1], [0x80])]],
    ['packed floats cut in an element', [...nest([7, 5, 4], [0, 0, 0])]],
  ])('%s', (_, bytes) => {
    expect(codeOf(Uint8Array.from(bytes))).toBe('E_INVALID_MODEL');
  });

  test('a ten-byte varint is one', () => {
    expect(codeOf(Uint8Array.from([8, ...Array(9).fill(0xff), 1]))).toBe('ok');
  });
});

test('counts are limited', () => {
  const limits = { ...defaultLimits, nodes: 1, tensors: 0 };
  expect(() => scanModel(tinyModel(), limits)).toThrow(/more than 0 tensors|more than 1 nodes/);
  expect(() => scanModel(tinyModel(), { ...defaultLimits, messages: 5 })).toThrow(/messages/);
  expect(() => scanModel(tinyModel(), { ...defaultLimits, modelBytes: 5 })).toThrow(/limit is 5/);
});

test('a million empty nodes are refused at the first', () => {
  const nodes = Uint8Array.from({ length: 2_000_000 }, (_, k) => (k % 2 === 0 ? 10 : 0));
  const bytes = Uint8Array.from([7 * 8 + 2, ...varint(nodes.length)]);
  const model = new Uint8Array(bytes.length + nodes.length);
  model.set(bytes);
  model.set(nodes, bytes.length);
  expect(codeOf(model)).toBe('E_INVALID_MODEL');
});

test('unknown fields are told once for each kind', () => {
  const unknown = [...varint(26 * 8 + 2), 1, 0, ...varint(26 * 8 + 2), 0, ...nest([7, 16])];
  expect(scanModel(Uint8Array.from(unknown), defaultLimits).unknownFields).toEqual([
    { message: 'ModelProto', field: 26 },
    { message: 'GraphProto', field: 16 },
  ]);
});

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attribute,
  CompilerError,
  type Graph,
  GraphBuilder,
  numbersOf,
  parseGraph,
  printGraph,
  tensorOf,
  verifyGraph,
} from '../src/index.js';
import { randomGraph, tensor } from './arbitraries.js';

const example = `graph "tiny" {
  metadata "producer_name" = "pytorch"
  input %x: f32[batch,3,H,H]
  input %"odd name": bool[]
  const %w: f32[4,3,1,1] = [0.1, -0, nan, inf, -inf, 1e-45, 16777216, 0.25, 1, 2, 3, 4]
  const %axes: i64[1] = [-9223372036854775808]
  const %zeros: f16[2,3,4] = splat 0
  %y: f32[batch,4,H,H] = Conv(%x, %w, _) {pads = [0, 0, 0, 0], activation = "Relu"} @"first\\nconv"
  %dims: i64[2] elements [batch, 4] = Shape(%y) {end = 2}
  %a: f32[2*H + 1], _, %b: ? = com.microsoft::Foo(%y, %axes, %zeros) {alpha = 0.1f, beta = 0.1, big = 1e+300, none = [], empty = floats [], t = u8[2] [1, 255]}
  %c: ? = If(%"odd name") {
    then_branch = graph "then" {
      %t: ? = test::Bar(%b)
      output "t" = %t
    },
    else_branch = graph "else" {
      output "e" = %b
    }
  } @"choice"
  () = "odd op"(%c) {"odd key" = ["a", "b\\u2028"]}
  output "logits" = %y
  output "dims" = %dims
}
`;

describe('the text form', () => {
  it('prints what it reads', () => {
    const parsed = parseGraph(example);
    expect(printGraph(parsed)).toBe(example);
    expect(parsed.nodes[0]?.outputs[0]).toBe(parsed.outputs[0]?.value);
    verifyGraph(parsed);
  });

  it('reads every graph back as it was, values shared alike', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const original = randomGraph(gen);
        verifyGraph(original);
        const text = printGraph(original);
        const read = parseGraph(text);
        // Values are shared, so the difference of two graphs can take forever to print.
        expect(isDeepStrictEqual(read, original), text).toBe(true);
        verifyGraph(read);
        expect(printGraph(read)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every bit of a tensor', () => {
    fc.assert(
      fc.property(tensor, (value) => {
        expect(roundTrip({ kind: 'tensor', value })).toStrictEqual({ kind: 'tensor', value });
      }),
      { numRuns: 1000 },
    );
  });

  it('writes each node on a line of its own, of printable characters', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const original = randomGraph(gen);
        const flat = { ...original, nodes: original.nodes.filter(hasNoRegion) };
        const lines = printGraph({ ...flat, inputs: [], outputs: [], metadata: {} }).split('\n');
        expect(lines.filter((line) => !line.startsWith('  const ')).length).toBe(
          flat.nodes.length + 3,
        );
        expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e]/u);
      }),
    );
  });

  it('replaces long data by a hash on request, and does not read that', () => {
    const one = parseGraph('graph "g" { const %w: f32[100] = seeded 1 output "w" = %w }');
    const other = parseGraph('graph "g" { const %w: f32[100] = seeded 2 output "w" = %w }');
    const text = printGraph(one, { elideAbove: 399 });
    expect(text).toMatch(/const %w: f32\[100\] = <400 bytes, fnv1a [0-9a-f]{8}>\n/);
    expect(printGraph(other, { elideAbove: 399 })).not.toBe(text);
    expect(printGraph(one, { elideAbove: 400 })).toBe(printGraph(one));
    expect(() => parseGraph(text)).toThrow('this tensor was elided when the graph was printed');
  });

  it('prints 200,000 nodes and reads them back', () => {
    const builder = new GraphBuilder('chain');
    let value = builder.input('x', 'float32', [4]);
    for (let i = 0; i < 200_000; i++) value = builder.op('Relu', [value]);
    builder.output('y', value);
    const text = printGraph(builder.build());
    const read = parseGraph(text);
    verifyGraph(read);
    expect(read.nodes.length).toBe(200_000);
    expect(printGraph(read) === text).toBe(true);
  });

  it('reads a megabyte of name and of string', () => {
    const name = 'a:'.repeat(500_000);
    const builder = new GraphBuilder(name);
    builder.output(`${name}"`, builder.input(`${name}b`, 'float32', []));
    const original = builder.build();
    expect(parseGraph(printGraph(original))).toEqual(original);
  });
});

describe('the shorthand', () => {
  it('infers the type of an output that is written without one', () => {
    const { nodes } = parseGraph(`graph "g" {
      input %x: f32[batch,3,8,8]            # comments run to the end of the line
      const %w: f32[4,3,3,3] = seeded 42
      %y = Conv(%x, %w) {strides = [2, 2]}
      %s = Shape(%y)
      %u = test::Unknown(%s)
      output "u" = %u
    }`);
    const [conv, shape, unknown] = nodes.map((node) => node.outputs[0]);
    expect(conv?.type).toEqual({ dtype: 'float32', dims: [conv?.type?.dims[0], 4, 3, 3] });
    expect(shape?.elements?.slice(1)).toEqual([4, 3, 3]);
    expect(unknown?.type).toBeUndefined();
  });

  it('fills constants', () => {
    const { outputs } = parseGraph(`graph "g" {
      const %half: f16[2] = splat 0.5
      const %seeded: f32[3] = seeded 42
      output "half" = %half
      output "seeded" = %seeded
    }`);
    const [half, seeded] = outputs.map(({ value }) => value.constant && numbersOf(value.constant));
    expect(half).toEqual([0x3800, 0x3800]);
    expect(seeded).toMatchInlineSnapshot(`
      [
        0.20220744609832764,
        -0.10341894626617432,
        0.7049314975738525,
      ]
    `);
  });

  it('says where a node stands that inference refuses', () => {
    const text = 'graph "g" {\n  input %x: i64[2]\n  %y = Conv(%x, %x)\n}';
    expect(() => parseGraph(text)).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_GRAPH',
        message: expect.stringMatching(/^line 3, column 3: Conv /),
      }),
    );
  });
});

describe('attributes', () => {
  it.each<[string, Attribute]>([
    ['1', { kind: 'int', value: 1 }],
    ['-0', { kind: 'int', value: -0 }],
    ['1.0f', { kind: 'float', value: 1 }],
    ['-0.0f', { kind: 'float', value: -0 }],
    ['0.1f', { kind: 'float', value: Math.fround(0.1) }],
    ['0.1', { kind: 'float', value: 0.1 }],
    ['16777217.0', { kind: 'float', value: 16_777_217 }],
    ['1e-45f', { kind: 'float', value: 2 ** -149 }],
    ['nan', { kind: 'float', value: Number.NaN }],
    ['-inf', { kind: 'float', value: -Infinity }],
    ['"1"', { kind: 'string', value: '1' }],
    ['[1, 2]', { kind: 'ints', value: [1, 2] }],
    ['[1.0f, inf]', { kind: 'floats', value: [1, Infinity] }],
    ['["a"]', { kind: 'strings', value: ['a'] }],
    ['[]', { kind: 'ints', value: [] }],
    ['floats []', { kind: 'floats', value: [] }],
    ['strings []', { kind: 'strings', value: [] }],
    ['i64[] [7]', { kind: 'tensor', value: tensorOf('int64', [], [7]) }],
    ['str[1] ["a"]', { kind: 'tensor', value: strings(['a']) }],
  ])('%s keeps its kind and value', (text, attribute) => {
    expect(printGraph(graphOf(attribute))).toContain(`{a = ${text}}`);
    expect(roundTrip(attribute)).toStrictEqual(attribute);
  });
});

describe('a text that is not well-formed', () => {
  it.each<[string, string]>([
    ['', "line 1, column 1: expected 'graph', found the end of the text"],
    ['graph "g" {', 'line 1, column 12: expected a statement, found the end of the text'],
    ['graph "g" {} x', "line 1, column 14: expected the end of the text, found 'x'"],
    [
      'graph "g" {\n  %y = Relu(%x)\n}',
      'line 2, column 13: the value "x" is not defined before its use',
    ],
    ['graph "g" { input %x: f32[1] %x: ? = Foo() }', 'line 1, column 30: two values are named "x"'],
    [
      'graph "g" { %a: ? = If() { b = graph "b" { %i: ? = Foo() } } %c: ? = Foo(%i) }',
      'line 1, column 74: the value "i" is not visible here',
    ],
    ['graph "g" { input %x }', "line 1, column 22: expected ':' and a type, found '}'"],
    ['graph "g" { input %x: f31[1] }', "line 1, column 23: there is no dtype 'f31'"],
    [
      'graph "g" { const %c: f32[n] = [1] }',
      'line 1, column 23: the dims of a tensor must be numbers',
    ],
    ['graph "g" { const %c: f32[-1] = splat 0 }', 'must be numbers, 0 or more'],
    ['graph "g" { const %c: u8[2] = [1] }', 'line 1, column 31: expected 2 elements, found 1'],
    [
      'graph "g" { const %c: u8[1] = [256] }',
      'line 1, column 31: this list holds what is no uint8',
    ],
    ['graph "g" { const %c: u8[1] = base64"A" }', 'column 37: this is not well-formed base64'],
    ['graph "g" { const %c: u8[1] = base64"AB==" }', 'column 37: this is not well-formed base64'],
    ['graph "g" { %y: ? = Foo() {a = 1, a = 2} }', 'column 35: "a" is given twice'],
    ['graph "g" { %y: ? = Foo() {a = [1, 2.0]} }', 'column 32: this list mixes kinds'],
    ['graph "g" { %y: ? = Foo() {a = 9007199254740993} }', 'column 32: this integer is too large'],
    ['graph "g" { metadata "a" = "\n" }', 'column 28: this is not a well-formed JSON string'],
    ['graph "g" { metadata "a" = "\\" }', 'column 28: this string has no end'],
    ['graph "g" { ! }', 'column 13: unexpected character "!"'],
  ])('%j is refused with its place', (text, message) => {
    expect(() => parseGraph(text)).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_TEXT',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('never gives anything but a graph or a CompilerError, wherever it is cut or changed', () => {
    fc.assert(
      fc.property(
        fc.nat(example.length),
        fc.string({ maxLength: 3 }),
        fc.nat(5),
        (at, put, cut) => {
          const text = example.slice(0, at) + put + example.slice(at + cut);
          const outcome = attempt(() => parseGraph(text));
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CompilerError);
          else expect(isDeepStrictEqual(parseGraph(printGraph(outcome)), outcome)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is refused at once where it asks for too much', () => {
    const nested = '%a = Foo() {b = graph "b" {'.repeat(100_000);
    expect(() => parseGraph(`graph "g" {${nested}`)).toThrow(
      expect.objectContaining({ code: 'E_LIMIT_DEPTH' }),
    );
    const huge = 'graph "g" { const %c: f32[1000000,1000000] = splat 0 }';
    expect(() => parseGraph(huge)).toThrow(expect.objectContaining({ code: 'E_LIMIT_SIZE' }));
  });
});

function hasNoRegion(node: Graph['nodes'][number]): boolean {
  return Object.keys(node.regions).length === 0;
}

function strings(contents: readonly string[]) {
  const bytes = new Uint8Array(0);
  return { dtype: 'string' as const, dims: [contents.length], bytes, strings: contents };
}

function graphOf(attribute: Attribute): Graph {
  const builder = new GraphBuilder('g');
  builder.node('test::Foo', [], { a: attribute }, { outputs: ['y'] });
  return builder.build();
}

function roundTrip(attribute: Attribute): Attribute | undefined {
  return parseGraph(printGraph(graphOf(attribute))).nodes[0]?.attributes.a;
}

function attempt(run: () => Graph): Graph | Error {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

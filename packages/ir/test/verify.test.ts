import { describe, expect, it } from 'vitest';
import {
  type Graph,
  GraphBuilder,
  type Node,
  parseGraph,
  tensorOf,
  type Value,
  verifyGraph,
} from '../src/index.js';

const f32 = (name: string): Value => ({ name, type: { dtype: 'float32', dims: [2] } });
const x = f32('x');

function graphOf(nodes: readonly Node[], output: Value, inputs: readonly Value[] = [x]): Graph {
  return { name: 'g', inputs, nodes, outputs: [{ name: 'out', value: output }], metadata: {} };
}

function foreign(inputs: readonly Value[], output: Value, regions: Node['regions'] = {}): Node {
  return { op: 'test::Foo', name: 'n', inputs, outputs: [output], attributes: {}, regions };
}

/** A constant that need not be well-formed. */
function constantOf(bytes: number, dims: readonly number[]): Value {
  const constant = { dtype: 'float32' as const, dims, bytes: new Uint8Array(bytes) };
  return { name: 'c', type: { dtype: 'float32', dims }, constant };
}

describe('values', () => {
  const y = f32('y');
  const z = f32('z');
  const inner = graphOf([foreign([x], z)], z, []);
  const broken: Record<string, [Graph, string]> = {
    'used before their definition': [
      graphOf([foreign([y], z), foreign([x], y)], z),
      '"y" is used, but not defined before',
    ],
    'that the graph gives out, but nothing defines': [
      graphOf([], y),
      '"y" is used, but not defined before',
    ],
    'like the one defined, but another object': [
      graphOf([foreign([x], y)], f32('y')),
      '"y" is used, but what is defined by that name is another value',
    ],
    'defined twice': [graphOf([foreign([x], y), foreign([x], y)], y), '"y" is defined twice'],
    'defined by two regions that are one object': [
      graphOf([foreign([x], y, { a: inner, b: inner })], y),
      '"z" is defined twice',
    ],
    'of one name': [
      graphOf([foreign([x], y), foreign([x], f32('y'))], y),
      'Two values are named "y"',
    ],
    'of one name, within a region and after it': [
      graphOf([foreign([x], y, { body: inner }), foreign([x], f32('z'))], y),
      'Two values are named "z"',
    ],
    'used outside their region': [
      graphOf([foreign([x], y, { body: inner })], z),
      '"z" is used outside the region that defines it',
    ],
    'read by a region of the node that defines them': [
      graphOf([foreign([x], z, { body: graphOf([], z, []) })], z),
      '"z" is used, but not defined before',
    ],
    'constant and produced': [
      graphOf([foreign([x], constantOf(8, [2]))], x),
      'The constant "c" has a producer',
    ],
    'of a constant with too few bytes': [
      graphOf([], constantOf(7, [2])),
      '"c" holds 7 bytes where f32[2] takes 8',
    ],
    'of a constant of another type': [
      graphOf([], { ...x, constant: tensorOf('int32', [2], [1, 2]) }, []),
      '"x" is of type f32[2], its constant of i32[2]',
    ],
    'of negative size': [
      graphOf([], x, [x, { name: 'y', type: { dtype: 'float32', dims: [-1] } }]),
      '"y" has the dims of f32[-1]',
    ],
    'with elements that their dims do not ask for': [
      graphOf([], x, [x, { name: 'y', type: { dtype: 'int64', dims: [2] }, elements: [1] }]),
      '"y" is of type i64[2], but has 1 known elements',
    ],
  };
  it.each(Object.entries(broken))('%s are refused', (_, [graph, message]) => {
    expect(() => verifyGraph(graph)).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_GRAPH',
        message: `${message}.`,
        where: expect.objectContaining({ graph: 'g', tensor: expect.any(String) }),
      }),
    );
  });

  it('of a graph around are seen by its regions', () => {
    verifyGraph(graphOf([foreign([x], y, { body: inner })], y));
  });

  it('that are constants may serve regions that do not see each other', () => {
    const constant = constantOf(8, [2]);
    const branch = (): Graph => graphOf([], constant, []);
    verifyGraph(graphOf([foreign([], y, { a: branch(), b: branch() })], constant));
  });
});

describe('outputs', () => {
  it('have names of their own', () => {
    const graph = graphOf([], x);
    expect(() => verifyGraph({ ...graph, outputs: [...graph.outputs, ...graph.outputs] })).toThrow(
      'Two graph outputs are named "out".',
    );
  });
});

describe('nodes', () => {
  const node = (text: string) => `graph "g" {
    input %x: f32[1,4,8,8]
    const %w: f32[4,4,1,1] = splat 1
    ${text}
    output "y" = %y
  }`;

  it.each([
    ['%y: f32[1,4,8,8] = Relu(%x)'],
    ['%y: f32[1,4,8,8] = Conv(%x, %w, _) {pads = floats []}'],
    ['%y: i64[4] = Shape(%x)'],
    ['%y: i64[4] elements [1, 4, 8, 8] = Shape(%x)'],
    ['%u: ? = test::Foo(%x) {kind = "any"} %y: ? = Relu(%u)'],
  ])('that keep the rules pass: %s', (text) => {
    verifyGraph(parseGraph(node(text)));
  });

  it.each([
    ['%y: f32[1,4,8,8] = Relu(%x, %x)', 'Relu has 2 inputs, but takes at most 1.'],
    ['%y: f32[1,4,8,8] = Relu()', 'Relu lacks its input 0, X.'],
    ['%y: f32[1,4,8,8] = Conv(_, %w)', 'Conv lacks its input 0, X.'],
    ['%y: f32[1,4,8,8], %z: ? = Relu(%x)', 'Relu has 2 outputs, but takes at most 1.'],
    ['%y: f32[1,4,8,8] = Conv(%x, %w) {group = 1.0}', 'Conv takes group as int, not float.'],
    [
      '%y: f32[1,4,8,7] = Relu(%x)',
      'Relu gives "y" the type f32[1,4,8,8], but it bears f32[1,4,8,7].',
    ],
    [
      '%y: f64[1,4,8,8] = Relu(%x)',
      'Relu gives "y" the type f32[1,4,8,8], but it bears f64[1,4,8,8].',
    ],
    ['%y: ? = Relu(%x)', 'Relu gives "y" the type f32[1,4,8,8], but it bears ?.'],
    [
      '%y: i64[4] elements [1, 4, 8, 9] = Shape(%x)',
      'Shape gives "y" other elements than it bears.',
    ],
    [
      '%y: f32[1,4,8,8] = Conv(%x, %w) {group = 3}',
      'Conv has input channels of X and W that disagree',
    ],
  ])('that break a rule do not: %s', (text, message) => {
    expect(() => verifyGraph(parseGraph(node(text)))).toThrow(message);
  });

  it('have attributes that hold what their kind says', () => {
    const withAttribute = (attributes: Node['attributes']) =>
      graphOf([{ ...foreign([x], f32('y')), attributes }], x);
    const short = { ...tensorOf('int8', [2], [1, 2]), dims: [3] };
    expect(() => verifyGraph(withAttribute({ a: { kind: 'tensor', value: short } }))).toThrow(
      'test::Foo has an attribute a that holds 2 bytes where i8[3] takes 3.',
    );
    expect(() => verifyGraph(withAttribute({ a: { kind: 'ints', value: [1.5] } }))).toThrow(
      'test::Foo has an attribute a that holds no integers.',
    );
  });

  it('are named by the error', () => {
    expect(() => verifyGraph(parseGraph(node('%y: ? = Relu(%x) @"first"')))).toThrow(
      expect.objectContaining({ where: { graph: 'g', node: 'first', op: 'Relu' } }),
    );
  });
});

it('refuses regions without end before the stack does', () => {
  let graph = graphOf([], x, []);
  for (let i = 0; i < 100_000; i++)
    graph = graphOf([foreign([], f32(`y${i}`), { body: graph })], x, []);
  expect(() => verifyGraph({ ...graph, inputs: [x] })).toThrow(
    expect.objectContaining({ code: 'E_LIMIT_DEPTH' }),
  );
});

it('passes what the builder builds', () => {
  const builder = new GraphBuilder('g');
  const input = builder.input('x', 'float32', [1, 2]);
  builder.output('y', builder.op('Relu', [input]));
  verifyGraph(builder.build());
});

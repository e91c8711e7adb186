/** Steps that hold others: what of them the verifier refuses, and that memory outlives turns. */

import {
  type Graph,
  GraphBuilder,
  genericTarget,
  parseGraph,
  runPasses,
  seededTensor,
  tensorOf,
  type Value,
} from '@whittle/ir';
import { findPass } from '@whittle/passes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerGraph, parseProgram, printProgram, verifyProgram } from '../src/index.js';
import { expectClose } from './op-cases/expect-close.js';
import { interpretGraph, testTarget } from './op-cases/interpret-graph.js';
import type { Choose } from './random-expr.js';
import { chooseFrom } from './random-program.js';

/** `y = 2 · y`, as often as `n` says and as long as `go` holds; `z` is scratch of a turn. */
const text = `program "p" {
  arena 320 bytes, at least 320
  constants 0 bytes = ""
  buffer %y: f32[2] arena+0 live -1..5
  buffer %n: i64[1] arena+64 live -1..4
  buffer %t: i64[1] arena+128 live 1..4
  buffer %go: bool[1] arena+192 live -1..4
  buffer %z: f32[2] arena+256 live 2..3
  input "x": f32[2] = %y+0 strides [1]
  input "n": i64[1] = %n+0 strides [1]
  input "go": bool[1] = %go+0 strides [1]
  output "y": f32[2] = %y+0 strides [1]
  kernel double(x: f32 read arena, y: f32 write arena) {
    for i in 0..2 {
      y[i] = x[i] + x[i];
    }
  }
  step if %go+0 @"If" {
    step repeat %t+0 below %n+0 while %go+0 @"Loop" {
      step double(%y+0, %z+0) macs 0 @""
      step double(%z+0, %y+0) macs 0 @""
    }
  }
}
`;

describe('steps that hold others', () => {
  it('are accepted, and read back', () => {
    expect(() => verifyProgram(parseProgram(text))).not.toThrow();
    expect(printProgram(parseProgram(text), { data: true })).toBe(text);
  });

  it.each([
    ['step if %go+0', 'step if %t+0', 'step 0, if: the condition is of int64, not bool'],
    ['repeat %t+0', 'repeat %y+0', 'step 1, repeat: the counter is of float32, not int64'],
    ['below %n+0', 'below %y+0', 'step 1, repeat: the limit is of float32, not int64'],
    ['while %go+0', 'while %go+1', 'step 1, repeat: element 1 is not in buffer "go"'],
    ['while %go+0', 'while %no+0', 'step 1, repeat: no buffer "no"'],
    [' below %n+0 while %go+0', '', 'step 1, repeat: it never ends'],
    ['arena+128 live 1..4', 'arena+128 live 2..4', 'step 1, repeat: buffer "t" lives from 2 to 4'],
    ['arena+192 live -1..4', 'arena+192 live -1..3', 'step 1, repeat: buffer "go" lives'],
    ['arena+256 live 2..3', 'arena+256 live 2..5', 'buffer "z" lives from 2 to 5, across turns'],
    [
      '%y+0, %z+0) macs',
      '%z+0, %z+0) macs',
      'buffer "z" lives from 2 to 3, across turns of step 1',
    ],
  ])('are refused with %s as %s', (from, to, message) => {
    expect(() => verifyProgram(parseProgram(text.replace(from, to)))).toThrow(message);
  });
});

describe('refuses, by name,', () => {
  const loop = (body: string, limit = '[3]') =>
    `input %x: f32[2] const %m: i64[] = ${limit} input %n: i64[]
     %y = Loop(%m, _, %x) {body = graph "b" {
       input %t: i64[] input %c: bool[] input %v: f32[2] ${body} output "c" = %c output "w" = %w
     }} output "y" = %y`;
  it.each([
    [
      'what changes its shape',
      loop('%w = Concat(%v, %v) {axis = 0}'),
      'carries "v" from turn to turn',
    ],
    ['an op inside', loop('%w = Frobnicate(%v)'), 'unsupported op: Frobnicate'],
    ['what never ends', loop('%w = Neg(%v)').replace('Loop(%m', 'Loop(_'), 'Loop never ends'],
    [
      'what only a run can size, around a branch',
      `input %x: f32[2] input %c: bool[] %n = NonZero(%x) %y = If(%c) {
         then_branch = graph "t" { %a = Neg(%n) output "a" = %a },
         else_branch = graph "e" { %b = Abs(%n) output "b" = %b }
       } output "y" = %y`,
      'of which only a run can tell how large it is',
    ],
    [
      'branches without a type in common',
      `input %x: f32[2] input %c: bool[] %y = If(%c) {
         then_branch = graph "t" { %a = Identity(%x) output "a" = %a },
         else_branch = graph "e" { %b = Cast(%x) {to = 7} output "b" = %b }
       } output "y" = %y`,
      'If gives "y" no type that is known: float32 [2] and int64 [2]',
    ],
  ])('%s', (_, graph, message) => {
    const lower = () => lowerGraph(parseGraph(`graph "refused" {${graph}}`), testTarget);
    expect(lower).toThrow(message);
  });
});

const dims = [2, 3];

it('gives what its turns and branches give one behind another, whatever is in them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), fc.boolean(), async (g, holds) => {
      const graph = randomGraph(chooseFrom(g));
      const x = { ...seededTensor('float32', dims, 1), dtype: 'float32' as const };
      const c = { ...tensorOf('bool', [], [holds ? 1 : 0]), dtype: 'bool' as const };
      const feeds = { x, c };
      const given = await interpretGraph(graph, feeds);
      for (const [name, tensor] of Object.entries(await interpretGraph(flattened(graph), feeds))) {
        expectClose(given[name], tensor, name);
      }
    }),
    { numRuns: 150 },
  );
});

/** The graph as it is written for a target with a grid. */
function flattened(graph: Graph): Graph {
  const grid = { workgroupSize: 64, sharedBytes: 16 * 1024, busyThreads: 512 };
  const context = { target: { ...genericTarget, grid } };
  return runPasses(graph, [findPass('flatten-control-flow')], { context, verify: true }).graph;
}

function randomGraph(choose: Choose): Graph {
  const builder = new GraphBuilder('random');
  const x = builder.input('x', 'float32', dims);
  const condition = builder.input('c', 'bool', []);
  const made = randomNodes(builder, [x], condition, choose, 2);
  made.slice(-2).forEach((value, i) => {
    builder.output(`y${i}`, value);
  });
  return builder.build();
}

/** Adds a few nodes, of which some hold others; gives all values of `dims` that are seen here, new ones last. */
function randomNodes(
  builder: GraphBuilder,
  seen: readonly Value[],
  condition: Value,
  choose: Choose,
  depth: number,
): readonly Value[] {
  const values = [...seen];
  const any = (): Value => values[choose(values.length)] ?? expect.fail('There is no value.');
  const turned = (value: Value): Value => builder.op('Transpose', [value], { perm: [1, 0] });
  const inside = (build: (inner: GraphBuilder) => readonly Value[]): Graph => {
    const inner = new GraphBuilder('inside', builder);
    for (const [i, value] of build(inner).entries()) inner.output(`o${i}`, value);
    return inner.build();
  };
  const branch = (): Graph =>
    inside((inner) => {
      const all = randomNodes(inner, values, condition, choose, depth - 1);
      return [all.at(-1), all.at(-2)].map((value) => value ?? any());
    });
  const loop = (): Graph => {
    const inner = new GraphBuilder('body', builder);
    const stem = builder.scalar('float32', 0).name;
    inner.input(`${stem}_turn`, 'int64', []);
    const going = inner.input(`${stem}_going`, 'bool', []);
    const carried = [0, 1].map((i) => inner.input(`${stem}_${i}`, 'float32', dims));
    const all = randomNodes(inner, [...values, ...carried], condition, choose, depth - 1);
    const given = [all.at(-1), all[choose(all.length)], all.at(-2)];
    for (const [i, value] of [going, ...given].entries()) inner.output(`o${i}`, value ?? going);
    return inner.build();
  };
  const kinds: readonly (() => readonly Value[])[] = [
    () => [builder.op('Add', [any(), any()])],
    () => [builder.op('Neg', [any()])],
    () => [builder.op('Softmax', [any()])],
    () => [turned(builder.op('Tanh', [turned(any())]))],
    () => [builder.op('Sub', [any(), builder.op('ReduceMax', [any()])])],
    () => {
      const regions = { then_branch: branch(), else_branch: branch() };
      return builder.node('If', [condition], {}, { outputs: ['a', 'b'], regions })
        .outputs as Value[];
    },
    () => {
      const limit = builder.scalar('int64', choose(4));
      const inputs = [limit, undefined, any(), any()];
      const options = { outputs: ['v', 'w', 'stacked'], regions: { body: loop() } };
      const [v, w, stacked] = builder.node('Loop', inputs, {}, options).outputs as Value[];
      const sum = builder.op(
        'ReduceSum',
        [stacked, builder.constant(tensorOf('int64', [1], [0]))],
        { keepdims: 0 },
      );
      return [v, w, sum] as Value[];
    },
  ];
  const count = 2 + choose(3);
  for (let i = 0; i < count; i++) {
    const kind = kinds[choose(depth > 0 ? kinds.length : kinds.length - 2)];
    values.push(...(kind?.() ?? []));
  }
  return values;
}

/**
 * No pass is needed for right results: whichever is left out of O2, a graph gives what it gives
 * without any pass. A pass that lowering needs may be missed, but then the graph is refused.
 */

import { jsCapabilities } from '@whittle/codegen-js';
import { CompilerError, type Graph, parseGraph, runPasses, seededTensor } from '@whittle/ir';
import { interpretProgram, lowerGraph } from '@whittle/kernel';
import { allPasses, pipelines } from '@whittle/passes';
import { describe, expect, it } from 'vitest';
import { choosePasses } from '../src/choose-passes.js';
import { evaluate } from '../src/evaluate.js';
import { randomGraph } from './support/random-graph.js';

/** Has something to do for every pass. */
const block = parseGraph(`graph "block" {
  input %x: f32[1,2,6,6]
  const %w1: f32[4,2,1,1] = seeded 1
  const %w2: f32[4,1,3,3] = seeded 2
  const %w3: f32[2,4,1,1] = seeded 3
  const %w4: f32[2,4,1,1] = seeded 4
  const %scale: f32[4] = [0.5, 1, 2, 0.25]
  const %shift: f32[4] = [0.5, -1, 0, 0.25]
  const %bias: f32[1,4,1,1] = [1, 2, 3, 4]
  const %pads: i64[8] = [0, 0, 1, 0, 0, 0, 0, 1]
  const %three: f32[] = [3]
  const %zero: f32[] = [0]
  const %one: f32[] = [1]
  const %six: f32[] = [6]
  const %true: bool[] = [true]
  const %m: f32[2,4] = seeded 5
  const %epsilon: f32[] = [0.001]
  const %from: i64[1] = [0]
  const %axis: i64[1] = [1]
  const %half: i64[1] = [2]
  const %last: i64[1] = [3]
  const %end: i64[1] = [4]
  const %w5: f32[4,2,1,1] = seeded 6
  const %w6: f32[8,1,3,3] = seeded 7
  const %w7: f32[2,8,1,1] = seeded 8
  const %w8: f32[4,2,1,1] = seeded 9
  const %w9: f32[2,4,1,1] = seeded 10
  const %apart: i64[5] = [1, 2, 4, 6, 6]
  const %joined: i64[4] = [1, 8, 6, 6]
  %c1 = Conv(%x, %w1)
  %b1 = BatchNormalization(%c1, %scale, %shift, %shift, %scale)
  %a1 = Add(%b1, %three)
  %l1 = Clip(%a1, %zero, %six)
  %m1 = Mul(%b1, %l1)
  %h1 = Div(%m1, %six)
  %p1 = Pad(%h1, %pads)
  %c2 = Conv(%p1, %w2) {group = 4, pads = [1, 1, 1, 1], strides = [2, 2]}
  %n2 = BatchNormalization(%h1, %scale, %shift, %shift, %scale)
  %s2 = Conv(%n2, %w2) {auto_pad = "SAME_UPPER", group = 4, strides = [2, 2]}
  %b2 = Add(%c2, %bias)
  %d2 = Add(%c2, %bias)
  %r2 = Relu(%b2)
  %q2 = Relu(%d2)
  %c3 = Conv(%r2, %w3)
  %c4 = Conv(%q2, %w4)
  %y3 = Add(%c3, %c4)
  %f: f32[1,2,4,4] = If(%true) {
    then_branch = graph "then" { %t = Sigmoid(%y3)  output "t" = %t },
    else_branch = graph "else" { %e = Neg(%y3)  output "e" = %e }
  }
  %u = Mul(%f, %one)
  %shape = Shape(%u)
  %factor = Exp(%three)
  %k = Mul(%u, %factor)
  %flat = Reshape(%k, %shape)
  %unused = Neg(%flat)
  %t1 = Transpose(%x) {perm = [0, 2, 3, 1]}
  %mean = ReduceMean(%t1, %last)
  %difference = Sub(%t1, %mean)
  %squared = Mul(%difference, %difference)
  %variance = ReduceMean(%squared, %last)
  %above = Add(%variance, %epsilon)
  %deviation = Sqrt(%above)
  %normal = Div(%difference, %deviation)
  %product = MatMul(%normal, %m)
  %t2 = Transpose(%product) {perm = [0, 3, 1, 2]}
  %low = Slice(%t2, %from, %half, %axis)
  %high = Slice(%t2, %half, %end, %axis)
  %z = Sub(%low, %high)
  %grouped = Conv(%h1, %w5) {group = 2}
  %both = Concat(%grouped, %h1) {axis = 1}
  %rows = Reshape(%both, %apart)
  %turned = Transpose(%rows) {perm = [0, 2, 1, 3, 4]}
  %shuffled = Reshape(%turned, %joined)
  %filtered = Conv(%shuffled, %w6) {group = 8, pads = [1, 1, 1, 1]}
  %mixed = Conv(%filtered, %w7)
  %wide = Conv(%x, %w8)
  %bent = Gelu(%wide)
  %narrow = Conv(%bent, %w9)
  output "w" = %narrow
  output "y" = %flat
  output "s" = %s2
  output "z" = %z
  output "v" = %mixed
}`);

const graphs: readonly (readonly [string, Graph])[] = [
  ['a block', block],
  ...[3, 7, 11, 20, 42].map((seed) => [`random graph ${seed}`, randomGraph(seed).graph] as const),
];
/** Whatever may be fused or split is. */
const target = { ...jsCapabilities, productPixels: 64 };
const context = { evaluate, target, fuse: 'all', splitGroups: 'all' } as const;
const needed = new Set(pipelines[0].map(({ id }) => id));
const ids = allPasses.map(({ id }) => id);

describe.each(graphs)('%s', (_, graph) => {
  const expected = resultsOf(graph, { optimize: 0 });

  it.each(ids)('gives the same without %s', (id) => {
    let results: typeof expected;
    try {
      results = resultsOf(graph, { skipPasses: [id] });
    } catch (error) {
      if (!(error instanceof CompilerError) || error.code === 'E_INTERNAL') throw error;
      expect(needed).toContain(id);
      return;
    }
    expect([...results.keys()]).toEqual([...expected.keys()]);
    for (const [name, wanted] of expected) {
      const largest = Math.max(...wanted.map(Math.abs));
      const error = Math.max(...wanted.map((value, i) => Math.abs(value - at(results, name, i))));
      expect(error, name).toBeLessThanOrEqual(1e-5 * largest);
    }
  });
});

/** What acts on ops that a block of convolutions has no use for, or for other targets; tested by itself. */
const elsewhere = new Set([
  ...['decompose-composites', 'flatten-control-flow', 'fold-sequences', 'fuse-quantized'],
]);

it('every pass has something to do in the block', () => {
  // What is fused into a convolution is no node for the passes that other engines are helped by.
  const choices = [{}, { skipPasses: ['fuse-activation'] }];
  const timings = choices.flatMap(
    (choice) => runPasses(block, choosePasses(choice), { context }).timings,
  );
  const busy = new Set(timings.flatMap(({ pass, changed }) => (changed ? [pass] : [])));
  expect([...busy].sort()).toEqual(ids.filter((id) => !elsewhere.has(id)));
});

/** The elements of each output, for seeded inputs. */
function resultsOf(
  graph: Graph,
  choice: Parameters<typeof choosePasses>[0],
): ReadonlyMap<string, readonly number[]> {
  const prepared = runPasses(graph, choosePasses(choice), { context, verify: true }).graph;
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, type }, i) => {
      const dims = type?.dims.map(Number) ?? [];
      const { bytes } = seededTensor('float32', dims, i);
      return [name, { dtype: 'float32', dims, data: new Float32Array(bytes.buffer) }] as const;
    }),
  );
  const results = interpretProgram(lowerGraph(prepared, jsCapabilities), feeds);
  return new Map(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data, Number)]),
  );
}

function at(results: ReadonlyMap<string, readonly number[]>, name: string, i: number): number {
  return results.get(name)?.[i] ?? Number.NaN;
}

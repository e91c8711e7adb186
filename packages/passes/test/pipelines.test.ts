import { type Evaluate, genericTarget, parseGraph, printGraph, runPasses } from '@whittle/ir';
import { describe, expect, test } from 'vitest';
import { allPasses, findPass, pipelines } from '../src/index.js';

/** An inverted residual block as exporters write one: hard-swish spelled out, BN apart. */
const block = parseGraph(`graph "block" {
  input %x: f32[1,2,4,4]
  const %w1: f32[4,2,1,1] = seeded 1
  const %w2: f32[4,1,3,3] = seeded 2
  const %w3: f32[2,4,1,1] = seeded 3
  const %ones4: f32[4] = splat 1
  const %zeros4: f32[4] = splat 0
  const %ones2: f32[2] = splat 1
  const %zeros2: f32[2] = splat 0
  const %bias: f32[1,4,1,1] = [1, 2, 3, 4]
  const %three: f32[] = [3]
  const %zero: f32[] = [0]
  const %six: f32[] = [6]
  %c1 = Conv(%x, %w1)
  %b1 = BatchNormalization(%c1, %ones4, %zeros4, %zeros4, %ones4) {epsilon = 0.0}
  %a1 = Add(%b1, %three)
  %l1 = Clip(%a1, %zero, %six)
  %m1 = Mul(%b1, %l1)
  %h1 = Div(%m1, %six)
  %c2 = Conv(%h1, %w2) {auto_pad = "SAME_UPPER", group = 4}
  %b2 = Add(%c2, %bias)
  %r2 = Clip(%b2, %zero, %six)
  %c3 = Conv(%r2, %w3)
  %b3 = BatchNormalization(%c3, %ones2, %zeros2, %zeros2, %ones2) {epsilon = 0.0}
  %y = Add(%x, %b3)
  output "y" = %y
}`);

const optimized = `graph "block" {
  input %x: f32[1,2,4,4]
  const %w1_1: f32[4,2,1,1] = seeded 1
  const %w1_bias: f32[4] = splat 0
  const %w2: f32[4,1,3,3] = seeded 2
  const %w2_bias: f32[4] = [1, 2, 3, 4]
  const %w3_1: f32[2,4,1,1] = seeded 3
  const %w3_bias: f32[2] = splat 0
  %h1 = Conv(%x, %w1_1, %w1_bias) {activation = "HardSwish"}
  %r2 = Conv(%h1, %w2, %w2_bias) {group = 4, pads = [1, 1, 1, 1], activation = "Clip", activation_params = [0.0, 6.0]}
  %y = Conv(%r2, %w3_1, %w3_bias, %x)
  output "y" = %y
}`;

describe('the pipelines', () => {
  test('make three convolutions of an inverted residual block at O2', () => {
    const context = { target: genericTarget, fuse: 'none' } as const;
    const { graph } = runPasses(block, pipelines[2], { context, verify: true });
    expect(printGraph(graph)).toBe(printGraph(parseGraph(optimized)));
  });

  test('make one op of it where the target gains by that', () => {
    const { graph } = runPasses(block, pipelines[2], { verify: true });
    expect(graph.nodes.map((node) => node.op)).toEqual(['SeparableConv']);
    expect(graph.outputs[0]?.name).toBe('y');
  });

  test.each([1, 2] as const)('resolve padding at O%i whose sizes are computed', (level) => {
    const graph = parseGraph(`graph "late" {
      input %x: f32[1,1,64]
      const %w: f32[1,1,3,3] = seeded 1
      const %shape: i64[4] = [1, 1, 8, 8]
      const %none: i64[4] = [0, 0, 0, 0]
      %s = Add(%shape, %none)
      %m = Max(%s, %none)
      %r = Reshape(%x, %m)
      %y = Conv(%r, %w) {auto_pad = "SAME_LOWER", strides = [2, 2]}
      output "y" = %y
    }`);
    const evaluate: Evaluate = (node) => {
      const shape = node.inputs[0]?.constant;
      return ['Add', 'Max'].includes(node.op) && shape ? [shape] : undefined;
    };
    const context = { target: genericTarget, evaluate };
    const { graph: after } = runPasses(graph, pipelines[level], { context, verify: true });
    expect(printGraph(after)).not.toContain('auto_pad');
    expect(printGraph(after)).toContain('pads = [1, 1, 0, 0]');
  });

  test('leave what lowering needs at O0: no automatic padding and no batch normalisation', () => {
    const { graph } = runPasses(block, pipelines[0], { verify: true });
    const ops = graph.nodes.map((node) => node.op);
    expect(ops).not.toContain('BatchNormalization');
    expect(ops.filter((op) => op === 'Conv')).toHaveLength(3);
    expect(printGraph(graph)).not.toContain('auto_pad');
  });

  test('have nothing left to do when they run again', () => {
    for (const passes of Object.values(pipelines)) {
      const { graph } = runPasses(block, passes);
      expect(runPasses(graph, passes).graph).toBe(graph);
    }
  });

  test('consist of passes that the table knows, each under its own id', () => {
    const ids = allPasses.map((pass) => pass.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
    for (const pass of Object.values(pipelines).flat()) expect(findPass(pass.id)).toBe(pass);
  });
});

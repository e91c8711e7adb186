/** What lowering makes of sizes that only a run can tell, and what it refuses. */

import { CompilerError, parseGraph, tensorOf, typedArrayOf } from '@whittle/ir';
import {
  interpretProgram,
  launchesIn,
  lowerGraph,
  parseProgram,
  printProgram,
  verifyProgram,
} from '@whittle/kernel';
import { describe, expect, it } from 'vitest';
import { testTarget } from './op-cases/interpret-graph.js';

const lower = (text: string) => lowerGraph(parseGraph(`graph "sized" {${text}}`), testTarget);

const nonZero = 'input %x: f32[2,3] %y = NonZero(%x)';

describe('an output', () => {
  const program = lower(`${nonZero} %z = Transpose(%y) output "z" = %z`);

  it('has room for the most, and says where its size is', () => {
    const [port] = program.outputs;
    expect(port).toMatchObject({ dims: [6, 2], sizes: [{ axis: 0, name: 'y.count' }] });
    expect(() => verifyProgram(program)).not.toThrow();
  });

  it('prints and parses', () => {
    const text = printProgram(program, { data: true });
    expect(text).toMatch(
      /output "z": i64\[6,2\] = %b\d\+0 strides \[2,1\] sizes \[0: "y.count" %b\d\]/,
    );
    expect(parseProgram(text)).toEqual(program);
  });

  it('has the dims that a run gives it', () => {
    const data = typedArrayOf(tensorOf('float32', [2, 3], [0, 1, 0, 0, 0, 5]));
    const { z } = interpretProgram(program, { x: { dtype: 'float32', dims: [2, 3], data } });
    expect(z).toMatchObject({ dims: [2, 2], data: BigInt64Array.of(0n, 1n, 1n, 2n) });
  });

  it('gives the size of more than a name a kernel of its own', () => {
    const sliced = lower(
      `${nonZero} const %a: i64[1] = [1] const %b: i64[1] = [4] %z = Slice(%y, %a, %b, %a)
       output "z" = %z`,
    );
    expect(sliced.outputs[0]?.sizes?.[0]?.name).toContain('min(4, "y.count")');
    expect(launchesIn(sliced.steps).at(-1)?.kernel).toBe('size');
  });
});

describe('refuses, by name,', () => {
  const graphs: readonly (readonly [what: string, text: string])[] = [
    ['Concat along it', '%z = Concat(%y, %y) {axis = 1} output "z" = %z'],
    [
      'Reshape that makes rows of it',
      'const %s: i64[1] = [-1] %z = Reshape(%y, %s) output "z" = %z',
    ],
    ['sums of two sizes', 'input %v: f32[2,3] %w = NonZero(%v) %z = Add(%y, %w) output "z" = %z'],
    ['sums with what has a size', 'input %v: i64[2,6] %z = Add(%y, %v) output "z" = %z'],
    [
      'ScatterND of updates that have another one',
      `input %v: f32[4,2] %w = NonZero(%v) %t = Transpose(%y) %u = Transpose(%w)
       const %o: i64[] = [0] %first = Gather(%u, %o) {axis = 1}
       input %d: i64[2,3] %z = ScatterND(%d, %t, %first) output "z" = %z`,
    ],
    ['MatMul that sums over it', '%t = Transpose(%y) %z = MatMul(%y, %t) output "z" = %z'],
    [
      'Slice from its end',
      'const %a: i64[1] = [-2] const %b: i64[1] = [9] const %c: i64[1] = [1] %z = Slice(%y, %a, %b, %c) output "z" = %z',
    ],
    [
      'Gather by a constant index from its end',
      'const %a: i64[] = [-1] %z = Gather(%y, %a) {axis = 1} output "z" = %z',
    ],
    ['CumSum backwards', 'const %a: i64[] = [1] %z = CumSum(%y, %a) {reverse = 1} output "z" = %z'],
  ];

  it.each(graphs)('%s', (_, text) => {
    const run = () => lower(`${nonZero} ${text}`);
    expect(run).toThrow(CompilerError);
    expect(run).toThrow(/of which only a run can tell how large it is/);
  });

  it('what has no bound', () => {
    const range = 'input %n: i64[] const %o: i64[] = [0] const %i: i64[] = [1]';
    expect(() => lower(`${range} %z = Range(%o, %n, %i) output "z" = %z`)).toThrow(
      /depends on data/,
    );
  });
});

/** Memory: what shares a place, and how close the plan comes to its bound. */

import { GraphBuilder, int64Tensor } from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretProgram, lowerGraph } from '../src/index.js';
import { planArena } from '../src/memory/plan-arena.js';
import { testTarget } from './op-cases/interpret-graph.js';

const live = fc
  .tuple(fc.integer({ min: -1, max: 20 }), fc.nat(6))
  .map(([first, more]): [number, number] => [first, first + more]);
const requests = fc.array(fc.record({ bytes: fc.nat(1000), live }), { maxLength: 40 });

describe('the arena', () => {
  it('keeps apart what lives at the same step, and is no smaller than its bound', () => {
    fc.assert(
      fc.property(requests, (wanted) => {
        const { offsets, bytes, lowerBoundBytes } = planArena(wanted);
        expect(bytes).toBeGreaterThanOrEqual(lowerBoundBytes);
        wanted.forEach((a, i) => {
          const start = offsets[i] ?? -1;
          expect(start % 64).toBe(0);
          expect(start + a.bytes).toBeLessThanOrEqual(bytes);
          wanted.slice(0, i).forEach((b, j) => {
            const other = offsets[j] ?? -1;
            const together = a.live[0] <= b.live[1] && b.live[0] <= a.live[1];
            const apart = start + a.bytes <= other || other + b.bytes <= start;
            expect(!together || apart).toBe(true);
          });
        });
      }),
    );
  });
});

describe('in place', () => {
  const steps = (build: (builder: GraphBuilder) => void) => {
    const builder = new GraphBuilder('in-place');
    build(builder);
    return lowerGraph(builder.build(), testTarget);
  };

  it('gives an output the memory of an input that nobody reads later', () => {
    const program = steps((b) => b.output('y', b.op('Neg', [b.input('x', 'float32', [4])])));
    expect(program.steps[0]?.args.map(({ buffer }) => buffer)).toEqual(['b0', 'b0']);
  });

  it('does not, where the same memory is read at another place as well', () => {
    const program = steps((b) => {
      const x = b.input('x', 'float32', [4]);
      const ints = (value: number) => b.constant(int64Tensor([value]));
      const backward = b.op('Slice', [x, ints(-1), ints(-9), ints(0), ints(-1)]);
      b.output('y', b.op('Add', [x, backward]));
    });
    const feeds = {
      x: { dtype: 'float32', dims: [4], data: Float32Array.of(1, 2, 3, 5) },
    } as const;
    const { y } = interpretProgram(program, feeds);
    expect([...(y?.data ?? [])]).toEqual([6, 5, 5, 6]);
  });
});

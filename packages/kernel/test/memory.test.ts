/** Memory: what shares a place, and how close the plan comes to its bound. */

import { GraphBuilder, int64Tensor } from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Buffer,
  interpretProgram,
  type Kernel,
  type Launch,
  launchesIn,
  lowerGraph,
  type Program,
  verifyProgram,
} from '../src/index.js';
import { assembleProgram } from '../src/memory/assemble-program.js';
import { bankOf } from '../src/memory/bank-of.js';
import { mostBanks } from '../src/memory/color-arena.js';
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

const grid = { workgroupSize: 64, sharedBytes: 16384, busyThreads: 512, alignment: 256 };

/** A step that reads and writes buffers by their numbers; both may be one. */
const access = fc.record({
  read: fc.uniqueArray(fc.nat(11), { maxLength: 4 }),
  written: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 2 }),
});

type Access = typeof access extends fc.Arbitrary<infer T> ? T : never;

/** A program of these steps, for a target that has a grid; `lengths` are of the buffers. */
function banked(accesses: readonly Access[], lengths: readonly number[] = []): Program {
  const kernels = accesses.map(({ read, written }, i): Kernel => {
    const param = (access: 'read' | 'write') => (n: number) =>
      ({ name: `${access}${n}`, dtype: 'float32', space: 'arena', access }) as const;
    const params = [...read.map(param('read')), ...written.map(param('write'))];
    return { name: `k${i}`, params, body: [] };
  });
  const steps = accesses.map(({ read, written }, i): Launch => {
    const args = [...read, ...written].map((n) => ({ buffer: `b${n}`, offset: 0 }));
    return { kind: 'launch', kernel: `k${i}`, args, label: '', macs: 0 };
  });
  const buffers = Array.from({ length: 12 }, (_, n) => ({
    ...({ name: `b${n}`, space: 'arena', dtype: 'float32' } as const),
    length: lengths[n] ?? 64,
  }));
  const nothing = { inputs: [], outputs: [], setup: [], prepared: [], placed: [] };
  return assembleProgram({
    ...{ name: 'banked', ...nothing, kernels, steps, buffers, grid },
    ...{ constants: new Uint8Array(), inPlace: new Map() },
  });
}

describe('banks', () => {
  const bankOfBuffer = ({ arena, buffers }: Program, n: number): number => {
    const buffer = buffers.find(({ name }) => name === `b${n}`) as Buffer;
    return arena.banks.indexOf(bankOf(buffer, arena));
  };

  it('keep what a step reads from what else it writes', () => {
    const lengths = fc.array(fc.nat(300), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(access, { maxLength: 12 }), lengths, (accesses, sizes) => {
        const program = banked(accesses, sizes);
        verifyProgram(program);
        for (const { byteOffset } of program.buffers) expect(byteOffset % 256).toBe(0);
        const { banks } = program.arena;
        expect(banks.length).toBeLessThanOrEqual(mostBanks);
        // With as many as there may be, conflicts are taken.
        if (banks.length === mostBanks) return;
        for (const { read, written } of accesses) {
          for (const [r, w] of read.flatMap((r) => written.map((w) => [r, w] as const))) {
            if (r !== w) expect(bankOfBuffer(program, r)).not.toBe(bankOfBuffer(program, w));
          }
        }
      }),
    );
  });

  it('are two for a chain, whose memory is used again', () => {
    const chain = [0, 1, 2, 3, 4].map((n) => ({ read: [n], written: [n + 1] }));
    expect(banked(chain).arena).toEqual({
      ...{ bytes: 512, lowerBoundBytes: 512 },
      banks: [
        { byteOffset: 0, bytes: 256 },
        { byteOffset: 256, bytes: 256 },
      ],
    });
  });

  it('are three where three buffers meet in pairs', () => {
    const { arena } = banked([
      { read: [0], written: [1] },
      { read: [1], written: [2] },
      { read: [0], written: [2] },
    ]);
    expect(arena.banks).toHaveLength(3);
  });

  it('take a buffer where the arena grows least', () => {
    // b2 is as large as b3 and done with before it; beside b1, the bank before would grow.
    const program = banked(
      [
        { read: [0], written: [1] },
        { read: [0, 1], written: [2] },
        { read: [0, 2], written: [4] },
        { read: [0], written: [3] },
      ],
      [64, 64, 1024, 1024, 64],
    );
    expect(bankOfBuffer(program, 3)).toBe(bankOfBuffer(program, 2));
    expect(program.arena.bytes).toBe(2 * 256 + 4096);
  });

  it('are one where there is no grid', () => {
    const builder = new GraphBuilder('one-bank');
    builder.output('y', builder.op('Transpose', [builder.input('x', 'float32', [4, 2])]));
    const { arena } = lowerGraph(builder.build(), testTarget);
    expect(arena.banks).toEqual([{ byteOffset: 0, bytes: arena.bytes }]);
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
    expect(launchesIn(program.steps)[0]?.args.map(({ buffer }) => buffer)).toEqual(['b0', 'b0']);
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

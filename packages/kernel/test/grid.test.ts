import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  index,
  interpretProgram,
  type Kernel,
  type Launch,
  launchesIn,
  mul,
  type Program,
  parseKernel,
  printKernel,
  type Stmt,
  variable,
  verifyKernel,
  verifyProgram,
} from '../src/index.js';
import { canBeZero } from '../src/optimize/grid/index-search.js';
import { spreadOverGrid } from '../src/optimize/grid/spread-over-grid.js';
import { substitute } from '../src/optimize/substitute.js';
import { vectorize } from '../src/optimize/vectorize.js';
import { chooseFrom, randomProgram } from './random-program.js';

interface Pair {
  readonly what: string;
  /** The arrays that threads share. */
  readonly shared?: string;
  readonly before: string;
  /** A kernel or several, which run one after another. */
  readonly after: readonly string[];
}

const pairs: readonly Pair[] = [
  {
    what: 'makes loops of the grid of those whose turns store different elements',
    before: `
      for n in 0..8 {
        for i in 0..64 {
          y[n * 72 + i + 8] = x[n * 64 + i];
        }
        for h in 0..8 {
          y[n * 72 + h] = 0.0;
        }
      }`,
    after: [
      `
      for n in 0..8 grid {
        for i in 0..64 grid {
          y[n * 72 + i + 8] = x[n * 64 + i];
        }
      }
      for n_1 in 0..8 grid {
        for h_1 in 0..8 grid {
          y[n_1 * 72 + h_1] = 0.0;
        }
      }`,
    ],
  },
  {
    what: 'leaves to one thread what is summed, and copies the lets that it needs',
    before: `
      let base = 3;
      for i in 0..16 {
        let row = base + i * 4;
        for c in 0..2 {
          local sum: f32 = 0.0;
          for k in 0..4 {
            sum = sum + x[row + k];
          }
          y[i * 2 + c] = sum;
        }
      }`,
    after: [
      `
      for i in 0..16 grid {
        for c in 0..2 grid {
          let base = 3;
          let row = base + i * 4;
          local sum: f32 = 0.0;
          for k in 0..4 {
            sum = sum + x[row + k];
          }
          y[i * 2 + c] = sum;
        }
      }`,
    ],
  },
  {
    what: 'puts into another kernel what reads what was stored, where a turn has few others beside it',
    before: `
      for i in 0..64 {
        y[i] = x[i];
      }
      for i_1 in 0..64 {
        y[i_1 + 64] = y[63 - i_1];
      }`,
    after: [
      `
      for i in 0..64 grid {
        y[i] = x[i];
      }`,
      `
      for i_1 in 0..64 grid {
        y[i_1 + 64] = y[63 - i_1];
      }`,
    ],
  },
  {
    what: 'leaves them together in the threads of an outer loop where these are many',
    before: `
      for n in 0..512 {
        for i in 0..4 {
          y[n * 8 + i] = x[i];
        }
        for i_1 in 0..4 {
          y[n * 8 + i_1 + 4] = y[n * 8 + 3 - i_1];
        }
      }`,
    after: [
      `
      for n in 0..512 grid {
        for i in 0..4 {
          y[n * 8 + i] = x[i];
        }
        for i_1 in 0..4 {
          y[n * 8 + i_1 + 4] = y[n * 8 + 3 - i_1];
        }
      }`,
    ],
  },
  {
    what: 'leaves to one thread a loop whose turns come to the same element',
    before: `
      for i in 0..64 {
        y[i floordiv 2] = x[i];
      }`,
    after: [
      `
      for once in 0..1 grid {
        for i in 0..64 {
          y[i floordiv 2] = x[i];
        }
      }`,
    ],
  },
  {
    what: 'leaves to one thread a loop each of whose turns reads what the one before stored',
    before: `
      for i in 0..64 {
        y[i + 1] = y[i] + x[i];
      }`,
    after: [
      `
      for once in 0..1 grid {
        for i in 0..64 {
          y[i + 1] = y[i] + x[i];
        }
      }`,
    ],
  },
  {
    what: 'gives each vector of a loop in lanes a thread',
    before: `
      for c in 0..64 lanes 4 {
        y[c] = x[c];
      }`,
    after: [
      `
      for c_1 in 0..64 step 4 grid {
        for c in 0..4 lanes 4 {
          y[c_1 + c] = x[c_1 + c];
        }
      }`,
    ],
  },
  {
    what: 'tells tiles apart whose pixels are further apart than the channels between them',
    before: `
      for p in 0..48 step 4 {
        for c in 0..32 step 4 {
          for v in 0..4 lanes 4 {
            y[p * 32 + c + v] = x[v];
            y[p * 32 + c + v + 32] = x[v];
            y[p * 32 + c + v + 96] = x[v];
          }
        }
      }`,
    after: [
      `
      for p in 0..48 step 4 grid {
        for c in 0..32 step 4 grid {
          for v in 0..4 lanes 4 {
            y[p * 32 + c + v] = x[v];
            y[p * 32 + c + v + 32] = x[v];
            y[p * 32 + c + v + 96] = x[v];
          }
        }
      }`,
    ],
  },
  {
    what: 'makes workgroups of what shares memory, one for each turn of the loops around it',
    shared: ' shared band: f32[64]',
    before: `
      for t in 0..49 {
        let first = t * 64;
        for c in 0..64 step 4 {
          for v in 0..4 lanes 4 {
            band[c + v] = x[first + c + v];
          }
        }
        for o in 0..32 {
          local sum: f32 = 0.0;
          for k in 0..64 {
            sum = sum + band[k] * x[o * 64 + k];
          }
          y[t * 32 + o] = sum;
        }
      }`,
    after: [
      `
      for t in 0..49 grid {
        let first = t * 64;
        for c_1 in 0..64 step 4 threads {
          for v_1 in 0..4 lanes 4 {
            band[c_1 + v_1] = x[first + c_1 + v_1];
          }
        }
        for o_1 in 0..32 threads {
          local sum_1: f32 = 0.0;
          for k_1 in 0..64 {
            sum_1 = sum_1 + band[k_1] * x[o_1 * 64 + k_1];
          }
          y[t * 32 + o_1] = sum_1;
        }
      }`,
    ],
  },
  {
    what: 'takes a loop that carries shared memory from turn to turn by all threads together',
    shared: ' shared band: f32[8], sums: f32[16]',
    before: `
      for i in 0..16 {
        sums[i] = 0.0;
      }
      for chunk in 0..4 {
        for c in 0..8 {
          band[c] = x[chunk * 8 + c];
        }
        for o in 0..16 {
          for k in 0..8 {
            sums[o] = sums[o] + band[k] * x[o];
          }
        }
      }
      for o_1 in 0..16 {
        y[o_1] = sums[o_1];
      }`,
    after: [
      `
      for once in 0..1 grid {
        for i_1 in 0..16 threads {
          sums[i_1] = 0.0;
        }
        for chunk in 0..4 {
          for c_1 in 0..8 threads {
            band[c_1] = x[chunk * 8 + c_1];
          }
          for o_2 in 0..16 threads {
            for k_1 in 0..8 {
              sums[o_2] = sums[o_2] + band[k_1] * x[o_2];
            }
          }
        }
        for o_1_1 in 0..16 threads {
          y[o_1_1] = sums[o_1_1];
        }
      }`,
    ],
  },
  {
    what: 'takes together a loop that hands shared memory on to its next turn, though it stands alone',
    shared: ' shared sums: f32[4]',
    before: `
      for k in 0..16 {
        for c in 0..4 {
          sums[c] = sums[c] + x[k * 4 + c];
        }
        for d in 0..4 {
          y[k * 4 + d] = sums[d];
        }
      }`,
    after: [
      `
      for once in 0..1 grid {
        for k in 0..16 {
          for c_1 in 0..4 threads {
            sums[c_1] = sums[c_1] + x[k * 4 + c_1];
          }
          for d_1 in 0..4 threads {
            y[k * 4 + d_1] = sums[d_1];
          }
        }
      }`,
    ],
  },
];

function kernelOf(body: string, shared = ''): Kernel {
  return parseKernel(`kernel k(x: f32 read arena, y: f32 write arena)${shared} {${body}}`);
}

describe('spread-over-grid', () => {
  it.each(pairs)('$what', ({ before, after, shared }) => {
    const spread = spreadOverGrid(kernelOf(before, shared));
    for (const kernel of spread) verifyKernel(kernel);
    expect(spread.map((kernel) => printKernel({ ...kernel, params: [] }))).toEqual(
      after.map((body) => printKernel({ ...kernelOf(body, shared), params: [] })),
    );
  });

  it('keeps what random programs compute, in whichever order the grid runs', () => {
    let spreads = 0;
    fc.assert(
      fc.property(fc.gen(), fc.boolean(), (g, inLanes) => {
        const { program, feeds } = randomProgram(chooseFrom(g));
        const before = interpretProgram(program, feeds);
        const spread = withGrids(program, inLanes);
        verifyProgram(spread);
        spreads += spread.kernels.filter(({ body }) => isSpread(body)).length;
        expect(interpretProgram(backwards(spread), feeds)).toEqual(before);
      }),
      { numRuns: 1000 },
    );
    expect(spreads).toBeGreaterThan(100);
  });
});

function isSpread(body: readonly Stmt[]): boolean {
  return body.some((stmt) => stmt.kind === 'for' && stmt.name !== 'once');
}

/** Every step as those of the kernels that its kernel becomes. */
function withGrids(program: Program, inLanes: boolean): Program {
  const spread = new Map(
    program.kernels.map((kernel) => [
      kernel.name,
      spreadOverGrid(inLanes ? vectorize(kernel, 4) : kernel).map((part, i) => ({
        ...part,
        name: `${kernel.name}_part${i}`,
      })),
    ]),
  );
  const stepsOf = (step: Launch): readonly Launch[] => {
    const params = program.kernels.find(({ name }) => name === step.kernel)?.params ?? [];
    return (spread.get(step.kernel) ?? []).map((kernel) => ({
      ...step,
      kernel: kernel.name,
      args: kernel.params.flatMap(
        ({ name }) => step.args[params.findIndex((param) => param.name === name)] ?? [],
      ),
    }));
  };
  const steps = launchesIn(program.steps).map(stepsOf);
  // A step that has become several is as long as they are.
  const starts: number[] = [];
  let count = 0;
  for (const step of steps) {
    starts.push(count);
    count += step.length;
  }
  const startOf = (step: number): number => (step < 0 ? step : (starts[step] ?? count));
  return {
    ...program,
    kernels: [...spread.values()].flat(),
    setup: program.setup.flatMap(stepsOf),
    steps: steps.flat(),
    buffers: program.buffers.map((buffer) => ({
      ...buffer,
      live: [startOf(buffer.live[0]), startOf(buffer.live[1] + 1)],
    })),
  };
}

/** Nests and loops of the grid from the last to the first. */
function backwards(program: Program): Program {
  /** The loops over threads inside, each in its place. */
  const turned = (stmt: Stmt): Stmt => {
    if (stmt.kind !== 'for') return stmt;
    if (!stmt.threads) return { ...stmt, body: stmt.body.map(turned) };
    return reversed([stmt])[0] ?? stmt;
  };
  const reversed = (stmts: readonly Stmt[]): readonly Stmt[] =>
    [...stmts].reverse().map((stmt): Stmt => {
      if (stmt.kind !== 'for' || !(stmt.grid || stmt.threads)) return turned(stmt);
      const { start, end, step, name } = stmt;
      if (start.kind !== 'literal' || end.kind !== 'literal') return stmt;
      const turns = Math.ceil((Number(end.value) - Number(start.value)) / step);
      const fromEnd = add(
        mul(variable(name, 'index'), index(-step)),
        index(Number(start.value) + (turns - 1) * step),
      );
      const { grid: _, threads: __, ...loop } = stmt;
      const isNest = stmt.body.every((inner) => inner.kind === 'for' && inner.grid);
      const body = isNest ? reversed(stmt.body) : stmt.body.map(turned);
      return {
        ...loop,
        start: index(0),
        end: index(turns),
        step: 1,
        body: substitute(body, new Map([[name, fromEnd]])),
      };
    });
  return {
    ...program,
    kernels: program.kernels.map((kernel) => ({ ...kernel, body: reversed(kernel.body) })),
  };
}

describe('canBeZero', () => {
  it('finds what trying all numbers finds', () => {
    const unknown = fc.record({
      coefficient: fc.integer({ min: -12, max: 12 }),
      min: fc.integer({ min: -3, max: 1 }),
      max: fc.integer({ min: -1, max: 3 }),
      isNotZero: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -30, max: 30 }),
        fc.array(unknown, { maxLength: 4 }),
        (constant, unknowns) => {
          const reach = (sum: number, [first, ...rest]: typeof unknowns): boolean => {
            if (first === undefined) return sum === 0;
            for (let value = first.min; value <= first.max; value++) {
              if (first.isNotZero && value === 0) continue;
              if (reach(sum + first.coefficient * value, rest)) return true;
            }
            return false;
          };
          expect(canBeZero(constant, unknowns)).toBe(reach(constant, unknowns));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

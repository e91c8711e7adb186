import { describe, expect, it } from 'vitest';
import { loopPasses, parseKernel, printKernel } from '../src/index.js';
import { vectorize } from '../src/optimize/vectorize.js';

/** Before and after, in the text form, of the body of a kernel with `x`, `w`, `i32s` and `y`. */
interface Pair {
  readonly pass: string;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

const pairs: readonly Pair[] = [
  {
    pass: 'collapse-loops',
    what: 'makes one loop of a nest that walks memory as one',
    before: `
      for i in 0..8 {
        for j in 0..16 {
          for k in 0..4 step 2 {
            y[i * 192 + j * 12 + k * 3 + 1] = x[k + i * 64 + j * 4];
          }
        }
      }`,
    after: `
      for k in 0..512 step 2 {
        y[k * 3 + 1] = x[k];
      }`,
  },
  {
    pass: 'collapse-loops',
    what: 'leaves a nest whose rows have gaps: x has 20 elements a row and y 16',
    before: `
      for i in 0..8 {
        for j in 0..16 {
          y[i * 16 + j] = x[i * 20 + j];
        }
      }`,
    after: `
      for i in 0..8 {
        for j in 0..16 {
          y[i * 16 + j] = x[i * 20 + j];
        }
      }`,
  },
  {
    pass: 'collapse-loops',
    what: 'leaves a nest whose variable stands alone in a condition',
    before: `
      for i in 0..8 {
        for j in 0..16 {
          if j < 3 {
            y[i * 16 + j] = 0.0;
          }
        }
      }`,
    after: `
      for i in 0..8 {
        for j in 0..16 {
          if j < 3 {
            y[i * 16 + j] = 0.0;
          }
        }
      }`,
  },
  {
    pass: 'simplify-index',
    what: 'sheds quotients and remainders that the extents of loops decide',
    before: `
      for i in 0..8 {
        for c in 0..96 {
          let t = i * 96 + c;
          y[t floordiv 96 * 200 + t floormod 96] = x[(t * 2 + 1) floordiv 4];
        }
      }`,
    after: `
      for i in 0..8 {
        for c in 0..96 {
          let t = i * 96 + c;
          y[i * 200 + c] = x[i * 48 + c floordiv 2];
        }
      }`,
  },
  {
    pass: 'simplify-index',
    what: 'decides comparisons, takes their branch, and unrolls a loop of one turn',
    before: `
      for i in 0..8 {
        for j in 4..5 {
          if i - j < 4 and i >= 0 {
            y[i + j] = select(i < 9, x[i], 1.0);
          } else {
            y[min(i, 7)] = 0.0;
          }
        }
      }`,
    after: `
      for i in 0..8 {
        y[i + 4] = x[i];
      }`,
  },
  {
    pass: 'simplify-index',
    what: 'leaves a quotient of what may change meanwhile, and one that nothing bounds',
    before: `
      local n: index = 3;
      for i in 0..8 {
        let m = n + 96;
        n = n + i;
        y[m floordiv 96] = x[index(i32s[i]) floormod 12];
      }`,
    after: `
      local n: index = 3;
      for i in 0..8 {
        let m = n + 96;
        n = n + i;
        y[m floordiv 96] = x[index(i32s[i]) floormod 12];
      }`,
  },
  {
    pass: 'hoist-invariants',
    what: 'leaves one addition in the innermost loop of a register tile',
    before: `
      for d in 0..64 step 2 {
        for o in 0..32 step 2 {
          local s00: f32 = 0.0;
          local s10: f32 = 0.0;
          for k in 0..16 {
            let b0 = w[o * 16 + k * 2];
            let b1 = w[o * 16 + k * 2 + 1];
            s00 = s00 + x[d * 16 + k] * b0;
            s10 = s10 + x[(d + 1) * 16 + k] * b1;
          }
          y[d * 32 + o] = s00;
          y[(d + 1) * 32 + o] = s10;
        }
      }`,
    after: `
      for d in 0..64 step 2 {
        let p2 = d * 16;
        let p4 = d * 32;
        for o in 0..32 step 2 {
          local s00: f32 = 0.0;
          local s10: f32 = 0.0;
          let p0 = o * 16;
          for k in 0..16 {
            let p1 = p0 + k * 2;
            let b0 = w[p1];
            let b1 = w[p1 + 1];
            let p3 = p2 + k;
            s00 = s00 + x[p3] * b0;
            s10 = s10 + x[p3 + 16] * b1;
          }
          let p5 = p4 + o;
          y[p5] = s00;
          y[p5 + 32] = s10;
        }
      }`,
  },
  {
    pass: 'hoist-invariants',
    what: 'moves a whole name out of the loops that it does not need, and forgets unused ones',
    before: `
      for i in 0..8 {
        for j in 0..16 {
          let row = i floordiv 3;
          let unused = j * 3;
          let scale = f32(row) * 0.5;
          y[i * 16 + j] = x[row * 16 + j] * scale;
        }
      }`,
    after: `
      for i in 0..8 {
        let row = i floordiv 3;
        let scale = f32(row) * 0.5;
        let p0 = row * 16;
        let p2 = i * 16;
        for j in 0..16 {
          y[p2 + j] = x[p0 + j] * scale;
        }
      }`,
  },
  {
    pass: 'hoist-invariants',
    what: 'leaves what is made of a name in a branch inside of that branch',
    before: `
      for i in 0..4 {
        if x[i] < 1.0 {
          y[i + i] = x[i * 2];
          for j in 0..4 {
            y[(i * 2) floordiv 3] = x[j];
          }
        }
      }`,
    after: `
      for i in 0..4 {
        if x[i] < 1.0 {
          let p0 = i * 2;
          y[p0] = x[p0];
          let p1 = p0 floordiv 3;
          for j in 0..4 {
            y[p1] = x[j];
          }
        }
      }`,
  },
  {
    pass: 'hoist-invariants',
    what: 'leaves what reads memory or a local where it is',
    before: `
      local n: index = 3;
      for i in 0..8 {
        for j in 0..16 {
          let a = index(i32s[3]);
          i32s[j] = 0i32;
          y[n * 2 + j] = x[a];
          n = n + 1;
        }
      }`,
    after: `
      local n: index = 3;
      for i in 0..8 {
        for j in 0..16 {
          let a = index(i32s[3]);
          i32s[j] = 0i32;
          y[j + n * 2] = x[a];
          n = n + 1;
        }
      }`,
  },
  {
    pass: 'vectorize',
    what: 'runs whole vectors of a loop in lanes, and the rest after them',
    before: `
      for c in 0..18 {
        y[c] = max(x[c], 0.0);
      }`,
    after: `
      for c in 0..16 lanes 4 {
        y[c] = max(x[c], 0.0);
      }
      for c_1 in 16..18 {
        y[c_1] = max(x[c_1], 0.0);
      }`,
  },
  {
    pass: 'vectorize',
    what: 'keeps a sum for each lane of a loop that adds up neighbours',
    before: `
      local s: f32 = 1.0;
      for i in 2..17 {
        s = x[i] * w[i] + s;
      }
      y[0] = s;`,
    after: `
      local s: f32 = 1.0;
      for v in 0..4 lanes 4 {
        local part: f32 = 0.0;
        for i in 2..14 step 4 {
          part = part + x[i + v] * w[i + v];
        }
        s = s + part;
      }
      for i_1 in 14..17 {
        s = x[i_1] * w[i_1] + s;
      }
      y[0] = s;`,
  },
  {
    pass: 'vectorize',
    what: 'takes the innermost loop that lets it: of each row the largest',
    before: `
      for c in 0..6 {
        local m: f32 = -inf;
        for i in 0..8 {
          m = max(m, x[c * 8 + i]);
        }
        y[c] = m;
      }`,
    after: `
      for c in 0..6 {
        local m: f32 = -inf;
        for v in 0..4 lanes 4 {
          local part: f32 = -inf;
          for i in 0..8 step 4 {
            part = max(part, x[c * 8 + i + v]);
          }
          m = max(m, part);
        }
        y[c] = m;
      }`,
  },
  {
    pass: 'vectorize',
    what: 'computes channels in lanes where the sum of each runs over what lies apart',
    before: `
      for c in 0..8 {
        local s: f32 = w[c];
        for i in 0..9 {
          s = s + x[i * 8 + c] * w[i];
        }
        y[c] = s;
      }`,
    after: `
      for c in 0..8 lanes 4 {
        local s: f32 = w[c];
        for i in 0..9 {
          s = s + x[i * 8 + c] * w[i];
        }
        y[c] = s;
      }`,
  },
  {
    pass: 'vectorize',
    what: 'lets a loop load what it stored a vector before, and store rows that lie apart',
    before: `
      for i in 0..8 {
        y[i + 4] = y[i] + x[i];
      }
      for c in 0..8 {
        for j in 0..3 {
          i32s[j * 8 + c] = 7i32;
        }
      }`,
    after: `
      for i in 0..8 lanes 4 {
        y[i + 4] = y[i] + x[i];
      }
      for c in 0..8 lanes 4 {
        for j in 0..3 {
          i32s[j * 8 + c] = 7i32;
        }
      }`,
  },
  {
    pass: 'vectorize',
    what: 'leaves the lanes of a schedule, and takes them from a loop that cannot run in them',
    before: `
      for c in 0..4 lanes 4 {
        y[c * 3] = x[c];
      }
      for d in 0..4 lanes 4 {
        y[d] = f32(d);
      }`,
    after: `
      for c in 0..4 lanes 4 {
        y[c * 3] = x[c];
      }
      for d in 0..4 {
        y[d] = f32(d);
      }`,
  },
];

/** Bodies that `vectorize` leaves as they are, and why. */
const unchanged: readonly (readonly [reason: string, body: string])[] = [
  ['vectors of four hold no f64', 'for c in 0..8 { y[c] = f32(f64(x[c]) + 0.5f64); }'],
  ['what is loaded lies anywhere', 'for c in 0..8 { y[c] = x[index(i32s[c])]; }'],
  ['some lanes would take the branch', 'for c in 0..8 { if x[c] < 0.0 { y[c] = 0.0; } }'],
  ['a position becomes a number', 'for c in 0..8 { y[c] = f32(c); }'],
  ['each turn loads what the last one stored', 'for c in 0..8 { y[c + 1] = y[c] + x[c]; }'],
  ['a turn of the first vector stores it', 'for c in 0..8 { y[c] = y[2] + x[c]; }'],
  ['the last turn has the last word', 'for c in 0..8 { y[3] = x[c]; }'],
  ['one element is stored by several turns', windows('y[c + j] = w[j];')],
  ['turns 2 apart come to one element', windows('y[c + j * 2] = w[j];')],
  ['a name is no other place', windows('let at = c + j; y[at] = w[j];')],
  [
    'a quotient of a name moves on',
    windows('let l = j * 2 + 1; let q = l floordiv 3; y[q + c] = w[j];'),
  ],
  ['a remainder of a name moves on', windows('let l = j * 3; y[l floormod 4 + c] = w[j];')],
  ['a product of names moves on', windows('let l = j + 1; y[l * l + c] = w[j];')],
  ['the turns of the loop inside differ', 'for c in 0..8 { for i in 0..c { y[c] = x[i]; } }'],
  ['lanes would lie apart in memory', 'for c in 0..8 { y[c * 2] = x[c]; }'],
  ['the order of sums and products matters', sums('s = s + x[c]; s = s * w[c];')],
  ['each turn needs what the last one kept', sums('y[c] = s; s = x[c];')],
  ['each turn needs the sum so far', sums('s = s + x[c]; y[c] = s;')],
  ['sums would store and load in another order', sums('s = s + x[c]; y[c] = y[c + 12];')],
  ['there are too few turns', 'for c in 0..3 { y[c] = x[c]; }'],
  ['there are too few terms', 'local s: f32 = 0.0; for c in 0..7 { s = s + x[c]; } y[0] = s;'],
  ['turns are not counted', 'let n = index(i32s[0]); for c in 0..n { y[c] = x[c]; }'],
  ['turns take steps', 'for c in 0..8 step 2 { y[c] = x[c]; }'],
  ['vectors do not divide integers', 'for c in 0..8 { i32s[c] = i32s[c] / 3i32; }'],
];

function windows(stmts: string): string {
  return `for c in 0..8 { for j in 0..3 { ${stmts} } }`;
}

function sums(stmts: string): string {
  return `local s: f32 = 0.0; for c in 0..16 { ${stmts} } y[40] = s;`;
}

const params =
  'x: f32 read arena, w: f32 read constants, i32s: i32 write arena, y: f32 write arena';

function kernelOf(body: string) {
  return parseKernel(`kernel k(${params}) {${body}\n}`);
}

describe.each(pairs)('$pass', ({ pass, what, before, after }) => {
  it(what, () => {
    const { run } = loopPasses.find(({ id }) => id === pass) ?? expect.fail(`no pass ${pass}`);
    expect(printKernel(run(kernelOf(before), { lanes: 4 }))).toBe(printKernel(kernelOf(after)));
  });
});

it.each(unchanged)('vectorize leaves a loop: %s', (_, body) => {
  const kernel = kernelOf(body);
  expect(printKernel(vectorize(kernel, 4))).toBe(printKernel(kernel));
});

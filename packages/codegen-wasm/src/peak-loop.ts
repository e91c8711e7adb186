/**
 * What a machine reaches with 128-bit vectors of WebAssembly: the inner loop of a product of
 * matrices, 4 rows by 8 columns, over operands that stay in the first cache. Each step of it loads
 * four scalars into all lanes and two vectors, and does eight multiplications and eight additions.
 */

import { f32Const, i32Const } from './assembler/constants.js';
import { func } from './assembler/definitions.js';
import { encodeModule } from './assembler/encode-module.js';
import type { Local } from './assembler/expr.js';
import { load, local, localGet, op } from './assembler/expressions.js';
import { brIf, bulk, label, localSet, loop, type Stmt, store } from './assembler/statements.js';

const rows = 4;
const vectors = 2;
/** Terms of each sum. */
const depth = 256;
/** Tiles of one run: a good part of a millisecond, beside which the call is nothing. */
const tiles = 2048;

const rowBytes = 4 * depth;
const columnsAt = rows * rowBytes;
const resultsAt = columnsAt + depth * vectors * 16;

/** Floating point operations of one run. */
export const peakFlops = 2 * tiles * depth * rows * vectors * 4;

/** Exports `run`, which computes the same tile `tiles` times. */
export function peakModule(): Uint8Array<ArrayBuffer> {
  const [tile, a, b] = [local('i32', 'tile'), local('i32', 'a'), local('i32', 'b')];
  const columns = [local('v128', 'b0'), local('v128', 'b1')];
  const scalars = Array.from({ length: rows }, (_, i) => local('v128', `a${i}`));
  const sums = Array.from({ length: rows * vectors }, (_, i) => local('v128', `sum${i}`));
  const [tileLoop, depthLoop] = [label('tiles'), label('depth')];
  const loads = scalars.flatMap((scalar, i): Stmt[] => {
    const column = columns[i];
    const vector = (to: Local<'v128'>): Stmt =>
      localSet(to, load('v128.load', localGet(b), { offset: columnsAt + 16 * i }));
    const splat = load('v128.load32_splat', localGet(a), { offset: i * rowBytes });
    return [...(column ? [vector(column)] : []), localSet(scalar, splat)];
  });
  const step: Stmt[] = [
    ...loads,
    ...scalars.flatMap((scalar, i) =>
      columns.map((column, j) => {
        const sum = sums[i * vectors + j] ?? scalar;
        const product = op('f32x4.mul', localGet(scalar), localGet(column));
        return localSet(sum, op('f32x4.add', localGet(sum), product));
      }),
    ),
    localSet(a, op('i32.add', localGet(a), i32Const(4))),
    localSet(b, op('i32.add', localGet(b), i32Const(16 * vectors))),
    brIf(depthLoop, op('i32.ne', localGet(a), i32Const(rowBytes))),
  ];
  const zero = op('f32x4.splat', f32Const(0));
  const body: Stmt[] = [
    ...sums.map((sum) => localSet(sum, zero)),
    localSet(a, i32Const(0)),
    localSet(b, i32Const(0)),
    loop(depthLoop, step),
    ...sums.map((sum, i) =>
      store('v128.store', i32Const(0), localGet(sum), { offset: resultsAt + 16 * i }),
    ),
    localSet(tile, op('i32.add', localGet(tile), i32Const(1))),
    brIf(tileLoop, op('i32.lt_u', localGet(tile), i32Const(tiles))),
  ];
  const locals = [tile, a, b, ...columns, ...scalars, ...sums];
  // Pages that nobody has written are one page of zeros at many addresses: reading them is a fifth slower.
  const fill = bulk('memory.fill', i32Const(0), i32Const(0x3c), i32Const(resultsAt));
  const run = func({ name: 'run', locals, body: [fill, loop(tileLoop, body)] });
  return encodeModule({ functions: [run], memory: { initial: 1 }, exports: { run } });
}

import { expect, it } from 'vitest';
import {
  br,
  type Callee,
  call,
  drop,
  type Expr,
  encodeModule,
  f32Const,
  func,
  global,
  globalGet,
  globalSet,
  i32Const,
  i64Const,
  ifElse,
  label,
  laneOp,
  load,
  local,
  localGet,
  localSet,
  op,
  returns,
  type Stmt,
  shuffle,
  store,
  v128Const,
} from '../src/index.js';

const zero = i32Const(0);
const one = f32Const(1);
const vector = v128Const(new Uint8Array(16));
const n = local('i32', 'n');
const fixed = global('fixed', zero, { mutable: false });
const self: Callee = { name: 'f', type: { params: ['i32'], results: ['i32'] } };
const elsewhere: Callee = { ...self, name: 'elsewhere' };
/** An expression whose type the compiler of TypeScript takes on trust. */
const untyped = (expr: Expr) => expr as Expr<never>;

// What a literal name gets wrong is found before it runs: each line below has to be an error.
it.each<[string, () => Stmt, string]>([
  [
    'an operand of another type',
    // @ts-expect-error An f32 is no i32.
    () => drop(op('i32.add', zero, one)),
    'Function "f": i32.add: takes (i32, i32), not (i32, f32)',
  ],
  [
    'an operand too few',
    // @ts-expect-error One operand is missing.
    () => drop(op('f32x4.add', vector)),
    'f32x4.add: takes (v128, v128), not (v128)',
  ],
  [
    'an op that is none',
    // @ts-expect-error There is no such op.
    () => drop(op('i32.plus', zero, zero)),
    '"i32.plus" is no op that leaves a value',
  ],
  [
    'a store of another type',
    // @ts-expect-error An f32 is no vector.
    () => store('v128.store', zero, one),
    'v128.store: takes (i32, v128), not (i32, f32)',
  ],
  [
    'an assignment of another type',
    // @ts-expect-error An f32 is no i32.
    () => localSet(n, one),
    'local.set: takes (i32), not (f32)',
  ],
  [
    'a condition of another type',
    // @ts-expect-error An f32 is no i32.
    () => ifElse(one, []),
    'if: takes (i32), not (f32)',
  ],
  [
    'a computed operand of another type',
    () => drop(op('f64.sqrt', untyped(i64Const(1n)))),
    'Function "f": f64.sqrt: takes (f64), not (i64)',
  ],
  ['an argument of another type', () => drop(call('i32', self, one)), 'call "f": takes (i32)'],
  ['a result of another type', () => drop(call('f32', self, zero)), 'call "f": leaves (i32)'],
  ['a call of what is not there', () => drop(call('i32', elsewhere, zero)), '"elsewhere"'],
  ['a return of another type', () => returns(one), 'return: takes (i32), not (f32)'],
  ['a return of nothing', () => returns(), 'return: takes (i32), not ()'],
  ['a local of elsewhere', () => drop(localGet(local('i32', 'n'))), '"n" is no local of it'],
  ['a global of elsewhere', () => drop(globalGet({ ...fixed })), 'no global "fixed"'],
  ['a change of a constant', () => globalSet(fixed, zero), '"fixed" is not mutable'],
  ['a branch out of nowhere', () => br(label('gone')), 'no open block "gone"'],
  [
    'more than the natural alignment',
    () => drop(load('f32.load', zero, { align: 8 })),
    'f32.load: cannot be aligned to 8 bytes',
  ],
  [
    'a negative offset',
    () => drop(load('f32.load', zero, { offset: -4 })),
    'f32.load: the offset -4',
  ],
  [
    'a lane too high',
    () => drop(laneOp('f32x4.extract_lane', 4, vector)),
    'f32x4.extract_lane: wants 1 of the lane numbers below 4, not [4]',
  ],
  [
    'a lane too few',
    () => drop(shuffle([1, 2], vector, vector)),
    'wants 16 of the lane numbers below 32, not [1,2]',
  ],
])('refuses %s', (_, stmt, message) => {
  expect(() => encode([stmt(), returns(zero)])).toThrow(message);
});

it('refuses a function that ends without its result', () => {
  expect(() => encode([ifElse(zero, [returns(zero)])])).toThrow('does not end in a return');
});

it('refuses a local that is declared twice', () => {
  expect(() => encode([returns(zero)], [n])).toThrow('declared twice');
});

it('refuses memory where there is none', () => {
  const body = [returns(load('i32.load', zero))];
  const f = func({ name: 'f', results: ['i32'], body });
  expect(() => encodeModule({ functions: [f] })).toThrow('i32.load: the module has no memory');
});

function encode(body: readonly Stmt[], locals = [local('i32', 'm')]): Uint8Array {
  const f = func({ name: 'f', params: [n], locals, results: ['i32'], body });
  return encodeModule({ functions: [f], memory: { initial: 1 }, globals: [fixed] });
}

import { describe, expect, it } from 'vitest';
import {
  bulk,
  f32Const,
  func,
  i32Const,
  laneOp,
  load,
  loadLane,
  local,
  localGet,
  localSet,
  op,
  returns,
  shuffle,
  store,
  storeLane,
} from '../src/index.js';
import { count } from './count.js';
import { instantiate } from './instantiate.js';

const n = local('i32', 'n');
const i = local('i32', 'i');

describe('vectors', () => {
  it('multiply and add over memory, lane by lane and then across', () => {
    const [a, b, total] = [local('i32', 'a'), local('i32', 'b'), local('v128', 'total')];
    const at = (base: typeof a) => load('v128.load', op('i32.add', localGet(base), localGet(i)));
    const lane = (index: number) => laneOp('f32x4.extract_lane', index, localGet(total));
    const product = op('f32x4.mul', at(a), at(b));
    const step = localSet(total, op('f32x4.add', localGet(total), product));
    const halves = [op('f32.add', lane(0), lane(1)), op('f32.add', lane(2), lane(3))] as const;
    const dot = func({
      name: 'dot',
      params: [a, b, n],
      locals: [i, total],
      results: ['f32'],
      body: [
        count(i, op('i32.shl', localGet(n), i32Const(2)), 16, [step]),
        returns(op('f32.add', ...halves)),
      ],
    });
    const module = instantiate({
      functions: [dot],
      memory: { initial: 1, exportAs: 'memory' },
      exports: { dot },
    });
    const floats = new Float32Array(module.bytes().buffer);
    floats.set([1, 2, 3, 4, 5, 6, 7, 8]);
    floats.set([0.5, -1, 2, 3, 0, 1, -2, 4], 8);
    expect(module.call('dot', 0, 32, 8)).toBe(0.5 - 2 + 6 + 12 + 6 - 14 + 32);
  });

  it('take the name of an op from a table', () => {
    const names = { add: 'f32x4.add', max: 'f32x4.pmax' } as const;
    const splat = (value: number) => op('f32x4.splat', f32Const(value));
    const functions = (['add', 'max'] as const).map((name) => {
      const result = laneOp('f32x4.extract_lane', 3, op(names[name], splat(2), splat(5)));
      return func({ name, results: ['f32'], body: [returns(result)] });
    });
    const exports = Object.fromEntries(functions.map((f) => [f.name, f]));
    const { call } = instantiate({ functions, exports });
    expect([call('add'), call('max')]).toEqual([7, 5]);
  });

  it('move single lanes, with an offset each', () => {
    const v = local('v128', 'v');
    const zero = i32Const(0);
    const reverse = [3, 2, 1, 0].flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
    const f = func({
      name: 'f',
      locals: [v],
      body: [
        localSet(v, shuffle(reverse, load('v128.load', zero), localGet(v))),
        localSet(v, laneOp('i32x4.replace_lane', 1, localGet(v), i32Const(99))),
        localSet(v, loadLane('v128.load32_lane', 2, zero, localGet(v), { offset: 8 })),
        store('v128.store', zero, localGet(v), { offset: 16 }),
        storeLane('v128.store32_lane', 0, zero, localGet(v), { offset: 36, align: 2 }),
      ],
    });
    const memory = { initial: 1, exportAs: 'memory' };
    const module = instantiate({ functions: [f], memory, exports: { f } });
    const words = new Int32Array(module.bytes().buffer);
    words.set([10, 20, 30, 40]);
    module.call('f');
    expect([...words.subarray(4, 10)]).toEqual([40, 99, 30, 10, 0, 40]);
  });
});

it('fills and copies memory', () => {
  const f = func({
    name: 'f',
    body: [
      bulk('memory.fill', i32Const(2), i32Const(7), i32Const(3)),
      bulk('memory.copy', i32Const(4), i32Const(1), i32Const(3)),
    ],
  });
  const memory = { initial: 1, exportAs: 'memory' };
  const module = instantiate({ functions: [f], memory, exports: { f } });
  module.call('f');
  expect([...module.bytes().subarray(0, 8)]).toEqual([0, 0, 7, 7, 0, 7, 7, 0]);
});

import { describe, expect, it } from 'vitest';
import {
  block,
  br,
  brIf,
  type Callee,
  call,
  callStatement,
  drop,
  f32Const,
  func,
  global,
  globalGet,
  globalSet,
  i32Const,
  i64Const,
  ifElse,
  importFunc,
  label,
  local,
  localGet,
  localSet,
  localTee,
  op,
  returns,
  select,
  unreachable,
} from '../src/index.js';
import { count } from './count.js';
import { instantiate } from './instantiate.js';

const n = local('i32', 'n');
const i = local('i32', 'i');
const sum = local('i32', 'sum');

describe('control flow', () => {
  it('loops', () => {
    const add = localSet(sum, op('i32.add', localGet(sum), localGet(i)));
    const body = [count(i, localGet(n), 1, [add]), returns(localGet(sum))];
    const f = func({ name: 'sum', params: [n], locals: [i, sum], results: ['i32'], body });
    const { call } = instantiate({ functions: [f], exports: { f } });
    expect([0, 1, 5, 100].map((to) => call('f', to))).toEqual([0, 0, 10, 4950]);
  });

  it('leaves several blocks at once', () => {
    const [outer, middle, inner] = [label('outer'), label('middle'), label('inner')];
    const is = (value: number) => op('i32.eq', localGet(n), i32Const(value));
    const add = (value: number) => localSet(sum, op('i32.add', localGet(sum), i32Const(value)));
    const body = [
      block(outer, [
        block(middle, [
          block(inner, [
            brIf(outer, is(0)),
            ifElse(is(1), [br(middle)]),
            brIf(inner, is(2)),
            add(1),
          ]),
          add(10),
        ]),
        add(100),
      ]),
      returns(localGet(sum)),
    ];
    const f = func({ name: 'nested', params: [n], locals: [sum], results: ['i32'], body });
    const { call } = instantiate({ functions: [f], exports: { f } });
    expect([0, 1, 2, 3].map((value) => call('f', value))).toEqual([0, 100, 110, 111]);
  });

  it('chooses by if and else, and by select', () => {
    const x = local('f32', 'x');
    const y = local('f32', 'y');
    const isNegative = op('f32.lt', localGet(x), f32Const(0));
    const negated = op('f32.neg', localGet(x));
    const params = [x];
    const results = ['f32'] as const;
    const branching = func({
      name: 'branching',
      params,
      locals: [y],
      results,
      body: [
        ifElse(isNegative, [localSet(y, negated)], [localSet(y, localGet(x))]),
        returns(localGet(y)),
      ],
    });
    const body = [returns(select(negated, localGet(x), isNegative))];
    const selecting = func({ name: 'selecting', params, results, body });
    const { call } = instantiate({
      functions: [branching, selecting],
      exports: { branching, selecting },
    });
    for (const value of [-2, 0, 3.5]) {
      expect(call('branching', value)).toBe(Math.abs(value));
      expect(call('selecting', value)).toBe(Math.abs(value));
    }
  });

  it('traps where it must not come', () => {
    const f = func({ name: 'f', results: ['i32'], body: [unreachable()] });
    const { call } = instantiate({ functions: [f], exports: { f } });
    expect(() => call('f')).toThrow(WebAssembly.RuntimeError);
  });
});

describe('calls', () => {
  it('call what comes later, and themselves', () => {
    const factorial: Callee = { name: 'factorial', type: { params: ['i64'], results: ['i64'] } };
    const x = local('i64', 'x');
    const rest = call('i64', factorial, op('i64.sub', localGet(x), i64Const(1n)));
    const entry = func({
      name: 'entry',
      params: [x],
      results: ['i64'],
      body: [returns(call('i64', factorial, localGet(x)))],
    });
    const self = func({
      name: 'factorial',
      params: [x],
      results: ['i64'],
      body: [
        ifElse(op('i64.eqz', localGet(x)), [returns(i64Const(1n))]),
        returns(op('i64.mul', localGet(x), rest)),
      ],
    });
    const module = instantiate({ functions: [entry, self], exports: { entry } });
    expect(module.call('entry', 20n)).toBe(2432902008176640000n);
  });

  it('reach the host, and return several values', () => {
    const type = { params: ['i32'], results: ['i32'] } as const;
    const twice = importFunc('twice', type, { module: 'host', field: 'twice' });
    const tell = importFunc(
      'tell',
      { params: ['i32'], results: [] },
      { module: 'host', field: 'tell' },
    );
    const body = [
      callStatement(tell, localTee(i, call('i32', twice, localGet(n)))),
      drop(call('i32', twice, i32Const(7))),
      returns(localGet(n), localGet(i)),
    ];
    const results = ['i32', 'i32'] as const;
    const f = func({ name: 'f', params: [n], locals: [i], results, body });
    const heard: number[] = [];
    const host = {
      twice: (value: number) => 2 * value,
      tell: (value: number) => heard.push(value),
    };
    const definition = { functions: [f], imports: [twice, tell], exports: { f } };
    expect(instantiate(definition, { host }).call('f', 21)).toEqual([21, 42]);
    expect(heard).toEqual([42]);
  });

  it('share globals', () => {
    const counter = global('counter', i64Const(40n), { mutable: true });
    const next = op('i64.add', globalGet(counter), i64Const(1n));
    const body = [globalSet(counter, next), returns(globalGet(counter))];
    const f = func({ name: 'f', results: ['i64'], body });
    const { call } = instantiate({ functions: [f], globals: [counter], exports: { f, counter } });
    expect([call('f'), call('f')]).toEqual([41n, 42n]);
  });
});

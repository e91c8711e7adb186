import { expect, it } from 'vitest';
import {
  encodeModule,
  f64Const,
  func,
  i32Const,
  importFunc,
  load,
  local,
  localGet,
  localSet,
  type ModuleDefinition,
  op,
  returns,
} from '../src/index.js';
import { instantiate } from './instantiate.js';
import { disassemble } from './wabt.js';

const type = { params: ['i32'], results: ['i32'] } as const;
const host = importFunc('host', type, { module: 'env', field: 'host' });
const n = local('i32', 'n');
const identity = func({
  name: 'identity',
  params: [n],
  results: ['i32'],
  body: [returns(localGet(n))],
});
const nothing = func({ name: 'nothing', body: [] });

it('writes each type once, and names only on demand', () => {
  const definition = { functions: [identity, nothing], imports: [host], exports: { identity } };
  expect(disassemble(encodeModule({ ...definition, names: true }))).toMatchInlineSnapshot(`
    "(module
      (type (;0;) (func (param i32) (result i32)))
      (type (;1;) (func))
      (import "env" "host" (func $host (type 0)))
      (func $identity (type 0) (param $n i32) (result i32)
        (return
          (local.get $n)))
      (func $nothing (type 1))
      (export "identity" (func $identity)))
    "
  `);
  expect(disassemble(encodeModule(definition))).not.toContain('$identity');
  expect(encodeModule(definition)).toEqual(encodeModule(definition));
});

it('groups locals by type, however they are listed', () => {
  const locals = (['f64', 'i32', 'f64', 'v128', 'i32'] as const).map((t, k) => local(t, `v${k}`));
  const [x, k, y] = [local('f64', 'x'), local('i32', 'k'), local('f64', 'y')];
  const body = [
    localSet(y, f64Const(2.5)),
    localSet(k, i32Const(2)),
    localSet(x, op('f64.mul', localGet(y), op('f64.convert_i32_s', localGet(k)))),
    returns(localGet(x)),
  ];
  const f = func({ name: 'f', locals: [x, ...locals, k, y], results: ['f64'], body });
  expect(instantiate({ functions: [f], exports: { f } }).call('f')).toBe(5);
  expect(disassemble(encodeModule({ functions: [f] }))).toContain(
    '(local i32 i32 i32 f64 f64 f64 f64 v128)',
  );
});

it('puts data into its own memory or into that of the host', () => {
  const bytes = new Uint8Array(300_000).fill(3);
  const read = func({
    name: 'read',
    params: [n],
    results: ['i32'],
    body: [returns(load('i32.load8_u', localGet(n)))],
  });
  const definition = {
    functions: [read],
    exports: { read },
    dataSegments: [
      { offset: 8, bytes },
      { offset: 10, bytes: Uint8Array.of(1, 2) },
    ],
  };
  const own = instantiate({ ...definition, memory: { initial: 5, maximum: 5 } });
  expect([7, 8, 10, 11, 12].map((at) => own.call('read', at))).toEqual([0, 3, 1, 2, 3]);
  const memory = new WebAssembly.Memory({ initial: 6 });
  const from = { module: 'env', field: 'memory' };
  instantiate({ ...definition, memory: { initial: 5, import: from } }, { env: { memory } });
  expect([...new Uint8Array(memory.buffer, 6, 6)]).toEqual([0, 0, 3, 3, 1, 2]);
});

it.each<[string, ModuleDefinition, string]>([
  ['two functions of one name', { functions: [nothing, nothing] }, 'have one name'],
  ['an export of elsewhere', { functions: [], exports: { nothing } }, 'export "nothing"'],
  ['a memory above its maximum', { functions: [], memory: { initial: 2, maximum: 1 } }, '2 pages'],
  [
    'data without a memory',
    { functions: [], dataSegments: [{ offset: 0, bytes: Uint8Array.of(1) }] },
    'need a memory',
  ],
])('refuses %s', (_, definition, message) => {
  expect(() => encodeModule(definition)).toThrow(message);
});

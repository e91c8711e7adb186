import { describe, expect, it } from 'vitest';
import { type Opcode, opcodes } from '../src/assembler/opcodes.js';
import {
  type Constant,
  encodeModule,
  f32Const,
  f64Const,
  func,
  i32Const,
  i64Const,
  local,
  localGet,
  returns,
  type Stmt,
  type ValueType,
  v128Const,
} from '../src/index.js';
import { disassemble } from './wabt.js';

// Node has relaxed SIMD behind a flag before version 21, so that WABT alone checks it there.
const relaxed = opcodes.get('f32x4.relaxed_min');
const hostKnowsRelaxed = relaxed !== undefined && WebAssembly.validate(assemble(relaxed));
if (!hostKnowsRelaxed) {
  console.log(`Node ${process.version} refuses relaxed SIMD: those ops are left to WABT.`);
}

describe('each op', () => {
  it.each([...opcodes.values()])('$name', (opcode) => {
    const bytes = assemble(opcode);
    const isRelaxed = opcode.name.includes('relaxed');
    if (!isRelaxed || hostKnowsRelaxed) expect(WebAssembly.validate(bytes)).toBe(true);
    const text = disassemble(bytes);
    // WABT prints an alignment that is not the natural one.
    expect(text).not.toContain('align=');
    expect(text).toMatch(new RegExp(`\\(${opcode.name.replace('.', '[.]')}[ )\n]`));
  });
});

it('are all that the specification has without references, threads and exceptions', () => {
  const behind = (prefix: number) =>
    [...opcodes.values()].filter(({ bytes }) => bytes.length > 1 && bytes[0] === prefix);
  const vectors = behind(0xfd).map(({ name }) => name);
  expect(vectors.filter((name) => name.includes('relaxed'))).toHaveLength(20);
  // The table has no row for v128.const, the 236th.
  expect(vectors.filter((name) => !name.includes('relaxed'))).toHaveLength(235);
  const numeric = 0xc4 - 0x45 + 1;
  const [saturating, loadsAndStores, memory, bulk] = [8, 23, 2, 2];
  expect(opcodes.size).toBe(20 + 235 + numeric + saturating + loadsAndStores + memory + bulk);
});

it.each<[ValueType, Constant, string]>([
  ['i32', i32Const(-5), 'i32.const -5'],
  ['i64', i64Const(-(2n ** 63n)), 'i64.const -9223372036854775808'],
  ['f32', f32Const(-0), 'f32.const -0x0p+0'],
  ['f64', f64Const(0.1), 'f64.const 0x1.999999999999ap-4'],
  ['v128', v128Const([...Array(16).keys()]), 'v128.const i32x4 0x03020100 0x07060504 0x0b0a0908'],
])('a constant of %s', (type, value, text) => {
  const definition = func({ name: 'f', results: [type], body: [returns(value)] });
  const bytes = encodeModule({ functions: [definition] });
  expect(WebAssembly.validate(bytes)).toBe(true);
  expect(disassemble(bytes)).toContain(text);
});

/** A module whose one function does nothing but this op, on its parameters. */
function assemble({ name, operands: types, result, immediate }: Opcode): Uint8Array<ArrayBuffer> {
  const params = types.map((type, index) => local(type, `p${index}`));
  const { count, limit } = immediate.lanes ?? { count: 0, limit: 0 };
  const operands = params.map((param) => localGet(param));
  const lanes = new Array<number>(count).fill(limit - 1);
  const node = { name, operands, lanes };
  const body: Stmt[] = result
    ? [returns({ kind: 'op', type: result, ...node })]
    : [{ kind: 'effect', ...node }];
  const results = result ? [result] : [];
  return encodeModule({
    functions: [func({ name: 'f', params, results, body })],
    memory: { initial: 1 },
  });
}

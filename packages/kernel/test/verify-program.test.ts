import { describe, expect, it } from 'vitest';
import { parseKernel, parseProgram, type Stmt, verifyKernel, verifyProgram } from '../src/index.js';

const params = 'x: f32 read arena, n: i32 read arena, y: f32 write arena';
const read = (body: string) => parseKernel(`kernel k(${params}) { ${body} }`);

describe('a kernel is refused', () => {
  it.each([
    ['for i in 0..4 { y[i] = 1.0; } for i in 0..4 { y[i] = 1.0; }', '"i" is declared twice'],
    ['if true { let a = 1.0; } y[0] = a;', '"a" is not declared here'],
    ['let a = 1.0; a = 2.0;', '"a" is assigned but is no local'],
    ['local a: f32 = 1.0; a = 2i32;', 'the value of "a" is 2i32 (i32), not float32'],
    ['x[0] = 1.0;', '"x" is stored to but is read only'],
    ['y[0] = n[0];', 'int32 is stored to "y", which holds float32'],
    ['y[0.5] = 1.0;', 'the index of "y" is 0.5 (f32), not index'],
    ['y[0] = x[n[0]];', 'the index of x[n[0]] (f32) is no index'],
    ['y[0] = x[0] + f64(x[0]);', 'mixes float32 and float64'],
    ['y[0] = x[0] & x[1];', 'there is no & of float32'],
    ['y[0] = exp(n[0]);', 'there is no exp of int32'],
    ['if n[0] { y[0] = 1.0; }', 'a condition is n[0] (i32), not bool'],
    ['y[0] = select(x[0], 1.0, 2.0);', 'is no bool'],
    ['for i in 0..4 step 0 { y[i] = 1.0; }', 'the step of "i" is 0'],
    ['let x = 1.0;', '"x" is declared twice'],
    ['for i in 0..8 lanes 1 { y[i] = 1.0; }', '"i" has 1 lanes'],
    ['for i in 0..6 lanes 4 { y[i] = 1.0; }', 'turns of "i" are not known to be a multiple of 4'],
    ['let m = index(n[0]); for i in 0..m lanes 4 { y[i] = 1.0; }', 'turns of "i" are not known'],
    ['for i in 0..8 lanes 4 { y[0] = x[i]; }', '"i" cannot run in lanes: all lanes store to one'],
  ])('%s', (body, message) => {
    expect(() => verifyKernel(read(body))).toThrow(message);
  });

  it.each([
    'for i in 0..8 lanes 4 { y[i * 2] = x[8 - i]; }',
    'local s: f32 = 0.0; for i in 0..8 lanes 4 { s = max(s, x[i]); } y[0] = s;',
  ])('but not for %s', (body) => {
    expect(() => verifyKernel(read(body))).not.toThrow();
  });

  it('with a literal that is not of its type', () => {
    const stmt: Stmt = {
      kind: 'let',
      name: 'a',
      value: { kind: 'literal', dtype: 'int64', value: 1 },
    };
    expect(() => verifyKernel({ name: 'k', params: [], body: [stmt] })).toThrow(
      'Kernel "k": 1 is no literal of int64',
    );
  });
});

const text = `program "p" {
  arena 128 bytes, at least 128
  constants 64 bytes = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
  buffer %a: f32[2] arena+0 live -1..0
  buffer %b: f32[2] arena+64 live 0..1
  buffer %w: f32[2] constants+0 live 0..0
  input "x": f32[2] = %a+0 strides [1]
  output "y": f32[2] = %b+0 strides [1]
  kernel mul(x: f32 read arena, w: f32 read constants, y: f32 write arena) {
    for i in 0..2 {
      y[i] = x[i] * w[i];
    }
  }
  step mul(%a+0, %w+0, %b+0) macs 0 @""
}`;

describe('a program', () => {
  it('is accepted', () => {
    expect(() => verifyProgram(parseProgram(text))).not.toThrow();
  });

  it.each([
    ['two banks', 'least 128', 'least 128, banks 0 64'],
    ['a port whose elements lie in words', '"y": f32', '"y": f16'],
  ])('is accepted with %s', (_, from, to) => {
    expect(text).toContain(from);
    expect(() => verifyProgram(parseProgram(text.replace(from, to)))).not.toThrow();
  });

  it.each([
    ['arena+64', 'arena+0', 'buffers "a" and "b" overlap while both live'],
    ['arena+64', 'arena+32', 'buffer "b" begins at byte 32'],
    ['arena+64', 'arena+128', 'buffer "b" ends at byte 136 of 128'],
    ['live 0..1', 'live 1..1', 'step 0, mul: buffer "b" lives from 1 to 1'],
    ['buffer %b', 'buffer %a', 'two buffers are named "a"'],
    ['%a+0, ', '', 'step 0, mul: 3 parameters, 2 arguments'],
    ['step mul', 'step add', 'step 0 runs no kernel "add"'],
    ['%w+0, %b+0', '%w+0, %q+0', 'step 0, mul: no buffer "q"'],
    ['%w+0, %b+0', '%b+0, %b+0', '"w" is float32 in the constants, "b" is not'],
    ['%w+0, %b+0', '%w+3, %b+0', 'element 3 is not in buffer "w"'],
    ['= %b+0', '= %b+1', '"y" is not inside of buffer "b"'],
    ['%b+0 strides [1]', '%b+0 strides [2]', '"y" is not dense'],
    ['constants+0', 'constants+64', 'buffer "w" ends at byte 72 of 64'],
    ['least 128', 'least 128, banks 64', 'a bank begins at byte 64'],
    ['least 128', 'least 128, banks 0 192', 'a bank begins at byte 192'],
    ['least 128', 'least 128, banks 0 4', 'buffer "a" lies in two banks'],
    ['least 128', 'least 128, banks 0 128', '"a" is read in the bank of "b"'],
    ['"y": f32', '"y": i32', '"y" of int32 lies in a buffer of float32'],
  ])('is refused with %j for %j', (from, to, message) => {
    expect(text).toContain(from);
    const broken = parseProgram(text.replace(from, to));
    expect(() => verifyProgram(broken)).toThrow(message);
  });
});

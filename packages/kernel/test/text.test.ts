import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseKernel, parseProgram, printKernel, printProgram } from '../src/index.js';
import { chooseFrom, randomGridProgram, randomProgram } from './random-program.js';

it('reads back every program that it prints', () => {
  fc.assert(
    fc.property(fc.gen(), fc.string(), fc.string(), (g, name, label) => {
      const { program } = randomProgram(chooseFrom(g), { control: true });
      const named = {
        ...program,
        name,
        steps: program.steps.map((step) => ({ ...step, label })),
      };
      expect(parseProgram(printProgram(named, { data: true }))).toEqual(named);
    }),
    { numRuns: 300 },
  );
});

it('reads back every program in banks', () => {
  const grid = { workgroupSize: 64, sharedBytes: 16384, busyThreads: 512, alignment: 256 };
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const { program } = randomGridProgram(chooseFrom(g), grid);
      const text = printProgram(program, { data: true });
      expect(text.includes('banks')).toBe(program.arena.banks.length > 1);
      expect(parseProgram(text)).toEqual(program);
    }),
    { numRuns: 100 },
  );
});

it('quotes names that are no plain words', () => {
  const text = `kernel $"for"($"a b": f32 write arena) {
  for $"\\"" in 0..4 step 2 {
    let nan_1 = -inf_f64;
    local $"nan": i64 = -3i64;
    if not(isnan($"a b"[$"\\"" * 2 - -1])) {
      $"a b"[($"\\"" - (1 - $"\\"")) * 2] = max(f32(nan_1), -0.0);
    } else {
      $"nan" = $"nan" - (7i64 << 2i64);
    }
  }
}
`;
  expect(printKernel(parseKernel(text))).toBe(text);
});

it('writes lanes behind the step of a loop', () => {
  const text = `kernel k(y: f32 write arena) {
  for i in 0..8 lanes 4 {
    y[i] = 0.0;
  }
  for j in 0..16 step 2 lanes 8 {
  }
}
`;
  const kernel = parseKernel(text);
  expect(kernel.body).toMatchObject([{ lanes: 4 }, { step: 2, lanes: 8 }]);
  expect(printKernel(kernel)).toBe(text);
});

it.each([
  ['kernel k() { for i in 0..8 lanes x { } }', 'expected a number'],
  ['kernel k() { x = 1; } 5', 'the end of the text'],
  ['kernel k(x: f32 read arena) { let a = y[0]; }', '"y" is no parameter'],
  ['kernel k() { let a = b + 1; }', '"b" is not declared'],
  ['kernel k() { let a = exp(1.0, 2.0); }', 'no exp of 2 operands'],
  ['kernel k() { let a = 1x7; }', 'expected ";"'],
  ['kernel k() { for i in 0..8 { }', 'the end of the text'],
])('says where a text goes wrong: %s', (text, message) => {
  expect(() => parseKernel(text)).toThrow(message);
});

import { parseProgram } from '@whittle/kernel';
import { expect, it } from 'vitest';
import { importModule, loadOptions } from '../../codegen-js/test/load-module.js';
import { emitWasmModule } from '../src/index.js';
import { count, fusedForm, textsOf, withEngine } from './fused-form.js';

/** A loop in lanes over 64 elements of `x` and `y`. */
const emit = (body: string): Promise<Map<string, Uint8Array>> =>
  emitWasmModule(
    parseProgram(`program "sums" {
  arena 512 bytes, at least 512
  constants 0 bytes = ""
  buffer %x: f32[64] arena+0 live -1..0
  buffer %y: f32[64] arena+256 live 0..1
  input "x": f32[64] = %x+0 strides [1]
  output "y": f32[64] = %y+0 strides [1]
  kernel k(x: f32 read arena, y: f32 write arena) { ${body} }
  step k(%x+0, %y+0) macs 0 @""
}`),
    { stem: 'tiny', inline: false },
  );

const sumOf = (count: number): string => {
  const sums = Array.from({ length: count }, (_, i) => `s${i}`);
  return `for i in 0..64 lanes 4 {
    ${sums.map((sum) => `local ${sum}: f32 = 0.0;`).join('\n')}
    for k in 0..3 { ${sums.map((sum) => `${sum} = ${sum} + x[i] * x[k];`).join('\n')} }
    y[i] = ${sums.join(' + ')};
  }`;
};

const wasmOf = (files: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  files.get('tiny.wasm') ?? expect.fail('no .wasm');

it.each([
  ['a sum', 1],
  ['sums that are written out', 8],
  ['more sums than a byte can number', 150],
])('fuses %s, and changes nothing else', async (_, sums) => {
  const files = await emit(sumOf(sums));
  const { plain, fused, restored } = textsOf(wasmOf(files), await fusedForm(files));
  expect(restored).toBe(plain);
  expect(count(fused, 'f32x4.relaxed_madd')).toBe(count(plain, 'f32x4.mul'));
});

it.each([
  ['functions', 'for i in 0..64 lanes 4 { y[i] = exp(x[i]) * tanh(x[i]); }'],
  ['sums that are not kept', 'for i in 0..64 lanes 4 { y[i] = x[i] + x[i] * x[0]; }'],
  ['sums of single elements', 'local s: f32 = 0.0; for i in 0..64 { s = s + x[i] * x[i]; }'],
])('leaves %s alone: nothing is listed, and no text is shipped for it', async (_, body) => {
  const files = await emit(body);
  expect(await fusedForm(files)).toEqual(wasmOf(files));
  expect(Buffer.from(files.get('tiny.js') ?? []).toString()).not.toContain('fuseSums');
});

it('leaves the bytes of the caller as they are, and those of an engine without it', async () => {
  const files = await emit(sumOf(8));
  const before = wasmOf(files).slice();
  expect(await fusedForm(files)).not.toEqual(before);
  expect(wasmOf(files)).toEqual(before);
  const { load } = await importModule(files);
  const compiled: unknown[] = [];
  const compile = (bytes: Uint8Array<ArrayBuffer>) => {
    compiled.push(bytes);
    return new WebAssembly.Module(bytes);
  };
  await withEngine({ validate: () => false, compile }, () => load(loadOptions(files)));
  expect(compiled).toEqual([before]);
});

it('refuses the WebAssembly of another model as ever', async () => {
  const { load } = await importModule(await emit(sumOf(8)));
  const wasm = wasmOf(await emit(sumOf(1)));
  await withEngine({ validate: () => true }, () =>
    expect(load({ wasm })).rejects.toThrow('does not belong to this module'),
  );
});

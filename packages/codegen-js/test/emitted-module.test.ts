import type { Program } from '@whittle/kernel';
import { describe, expect, it } from 'vitest';
import { emitJsModule } from '../src/index.js';
import { describeModules } from './module-contract.js';
import { kinds, pointwise, renamed, scale } from './tiny-programs.js';

function emit(program: Program, inline = false): Promise<Map<string, Uint8Array>> {
  return emitJsModule(program, { stem: 'tiny', inline });
}

describeModules(emitJsModule);

describe('the files', () => {
  it.each([
    ['scale', scale],
    ['pointwise', pointwise],
    ['kinds', kinds],
  ])('of %s are the golden ones', async (name, program) => {
    for (const [file, bytes] of await emit(program)) {
      if (file.endsWith('.bin')) continue;
      const golden = `goldens/${name}.${file.endsWith('.d.ts') ? 'd.ts' : 'js'}`;
      await expect(Buffer.from(bytes).toString()).toMatchFileSnapshot(golden);
    }
  });

  it('are the same bytes each time', async () => {
    expect(await emit(pointwise)).toEqual(await emit(pointwise));
  });

  it('put weights at multiples of 64 bytes, or inside', async () => {
    const files = await emit(scale);
    expect([...files.keys()]).toEqual(['tiny.js', 'tiny.d.ts', 'tiny.weights.bin']);
    expect(files.get('tiny.weights.bin')).toHaveLength(64);
    expect([...(await emit(scale, true)).keys()]).toEqual(['tiny.js', 'tiny.d.ts']);
    expect([...(await emit(kinds)).keys()]).toEqual(['tiny.js', 'tiny.d.ts']);
  });

  it('differ in string literals and names of functions only where names of the model differ', async () => {
    const text = async (name: string): Promise<string> =>
      Buffer.from((await emit(renamed(scale, name))).get('tiny.js') ?? []).toString();
    const shape = (source: string): string =>
      source.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\b(?:hostile|v)\(/g, 'k(');
    expect(shape(await text('"*/\u2028'))).toBe(shape(await text('hostile')));
  });
});

/**
 * Goldens: what tiny models become at each level. `model.ir` is written by hand; the files beside it
 * are made by `npm run goldens` and read in the diff.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { emitJsModule, jsCapabilities } from '@whittle/codegen-js';
import { emitWasmModule, wasmCapabilities } from '@whittle/codegen-wasm';
import { planDispatches, wgslCapabilities } from '@whittle/codegen-wgsl';
import { genericTarget, parseGraph, printGraph, runPasses } from '@whittle/ir';
import { lowerGraph, parseProgram, printProgram } from '@whittle/kernel';
import { pipelines } from '@whittle/passes';
import { describe, expect, it } from 'vitest';
import { disassemble } from '../../codegen-wasm/test/wabt.js';
import { evaluate } from '../src/evaluate.js';

const folder = new URL('./goldens/', import.meta.url);
const decoder = new TextDecoder();

describe.each(readdirSync(folder).sort())('%s', (name) => {
  const golden = (file: string): string => `goldens/${name}/${file}`;
  const before = parseGraph(readFileSync(new URL(`${name}/model.ir`, folder), 'utf8'));
  const { graph: after } = runPasses(before, pipelines[2], {
    context: { evaluate, target: genericTarget },
    verify: true,
  });
  const program = lowerGraph(after, jsCapabilities);

  it('is a graph before and after the passes', async () => {
    await expect(printGraph(before)).toMatchFileSnapshot(golden('before.ir'));
    await expect(printGraph(after)).toMatchFileSnapshot(golden('after.ir'));
    expect(parseGraph(printGraph(after))).toEqual(after);
  });

  it('is a program', async () => {
    await expect(printProgram(program)).toMatchFileSnapshot(golden('program.txt'));
    expect(parseProgram(printProgram(program, { data: true }))).toEqual(program);
  });

  it('is a JavaScript module', async () => {
    const files = await emitJsModule(program, { stem: 'model', inline: false });
    await expect(decoder.decode(files.get('model.js'))).toMatchFileSnapshot(golden('model.js'));
    await expect(decoder.decode(files.get('model.d.ts'))).toMatchFileSnapshot(golden('model.d.ts'));
  });

  // How kernels are spelled as WebAssembly is shown by the goldens of its code generator.
  it('is a program for WebAssembly, and a module of it', async () => {
    const forWasm = lowerGraph(after, wasmCapabilities);
    await expect(printProgram(forWasm)).toMatchFileSnapshot(golden('program-wasm.txt'));
    expect(parseProgram(printProgram(forWasm, { data: true }))).toEqual(forWasm);
    const files = await emitWasmModule(forWasm, { stem: 'model', inline: false });
    expect(() => disassemble(files.get('model.wasm') ?? new Uint8Array())).not.toThrow();
  });

  it('is a program for WebGPU, and its shaders', async () => {
    const context = { evaluate, target: wgslCapabilities };
    const { graph } = runPasses(before, pipelines[2], { context, verify: true });
    const forGpu = lowerGraph(graph, wgslCapabilities);
    await expect(printProgram(forGpu)).toMatchFileSnapshot(golden('program-wgsl.txt'));
    expect(parseProgram(printProgram(forGpu, { data: true }))).toEqual(forGpu);
    const { shaders } = planDispatches(forGpu, wgslCapabilities.grid.workgroupSize);
    const texts = shaders.map(({ code }, number) => `// Shader ${number}\n\n${code}`);
    await expect(texts.join('\n')).toMatchFileSnapshot(golden('shaders.wgsl'));
  });
});

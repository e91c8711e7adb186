/**
 * The code that a page downloads to run a model, gzipped, without weights: of the published files the
 * smallest that will do. Bundlers may do better with some of them.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const { resolve } = createRequire(import.meta.url);

/** Bytes of all files together, each gzipped. */
export async function codeSize(paths: readonly string[]): Promise<number> {
  const sizes = paths.map(async (path) => (await compress(await readFile(path))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The build without WebGPU, which has its loader inside. */
export function onnxruntimeWebCode(): Promise<number> {
  const folder = dirname(resolve('onnxruntime-web'));
  const files = ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'];
  return codeSize(files.map((file) => join(folder, file)));
}

/** The core with its ops and one backend, without layers, converter and data. */
export function tfjsCode(backend: 'cpu' | 'wasm'): Promise<number> {
  const files = {
    cpu: ['tfjs-core/dist/tf-core.min.js', 'tfjs-backend-cpu/dist/tf-backend-cpu.min.js'],
    wasm: [
      'tfjs-core/dist/tf-core.min.js',
      'tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
      'tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    ],
  };
  return codeSize(files[backend].map((file) => resolve(`@tensorflow/${file}`)));
}

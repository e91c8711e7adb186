/**
 * What the page may fetch: the page, our modules as they are built, and the packages of the engines as
 * they are published. An import map stands in for a bundler.
 */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { codeSize } from '../harness/code-size.js';
import type { PageCall } from './run-page.js';
import type { Site } from './serve.js';

const { resolve } = createRequire(import.meta.url);

/** The folder of a package's published files, by the entry that Node takes. */
const distOf = (name: string): string => dirname(resolve(name));
const whittleDistOf = (name: string): string => dirname(fileURLToPath(import.meta.resolve(name)));

const folders: readonly (readonly [string, string])[] = [
  ['/bench/', fileURLToPath(new URL('..', import.meta.url))],
  ['/whittle-ir/', whittleDistOf('@whittle/ir')],
  ['/whittle-onnx/', whittleDistOf('@whittle/onnx')],
  ['/onnxruntime-web/', distOf('onnxruntime-web')],
  ['/tfjs-core/', distOf('@tensorflow/tfjs-core')],
  ['/tfjs-webgpu/', distOf('@tensorflow/tfjs-backend-webgpu')],
];

const imports = {
  '@whittle/ir': '/whittle-ir/index.js',
  '@whittle/onnx': '/whittle-onnx/index.js',
  'onnxruntime-web/webgpu': '/onnxruntime-web/ort.webgpu.bundle.min.mjs',
  '@tensorflow/tfjs': '/tfjs-core/tf-core.fesm.min.js',
  '@tensorflow/tfjs-core': '/tfjs-core/tf-core.fesm.min.js',
  '@tensorflow/tfjs-backend-webgpu': '/tfjs-webgpu/tf-backend-webgpu.fesm.min.js',
};

/** A call of a function of the module that does the work in the page. */
export function pageCall(name: string, argument?: unknown): PageCall {
  return {
    module: '/bench/webgpu/page/bench-page.js',
    name,
    argument: argument ?? null,
    importMap: JSON.stringify({ imports }),
    messages: '/bench/webgpu/page/post-messages.js',
  };
}

export function benchSite(): Site {
  return {
    contents: new Map(),
    folders: new Map(folders.map(([prefix, folder]) => [prefix, join(folder, '/')])),
  };
}

/** The code that a page downloads, gzipped: of the published files the smallest that will do. */
export const peerCode: Readonly<Record<string, () => Promise<number>>> = {
  'ort-webgpu': () => {
    const files = ['ort.webgpu.bundle.min.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'];
    return codeSize(files.map((file) => join(distOf('onnxruntime-web'), file)));
  },
  'tfjs-webgpu': () =>
    codeSize([
      join(distOf('@tensorflow/tfjs-core'), 'tf-core.min.js'),
      join(distOf('@tensorflow/tfjs-backend-webgpu'), 'tf-backend-webgpu.min.js'),
    ]),
};

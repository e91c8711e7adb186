/** Puts a model on the site in the forms that the engines take. */

import { gzipSync } from 'node:zlib';

import { type CompileOptions, compile, targetNames } from '@whittle/compiler';
import { exportOnnx } from '@whittle/onnx';

import type { Workload } from '../harness/workload.js';
import type { PageWorkload } from './page/page-engine.js';
import type { Site } from './serve.js';

export interface ServedWorkload {
  readonly workload: PageWorkload;
  /** The address of the image. */
  readonly input: string;
  /** What Whittle emitted, gzipped, without weights; absent where it emitted nothing. */
  readonly codeBytes?: number;
  /** Why Whittle emitted nothing. */
  readonly refusal?: string;
}

export async function serveWorkload(
  { contents }: Site,
  { id, bytes, graph, inputName, outputName, dims, input }: Workload,
  optimize: NonNullable<CompileOptions['optimize']>,
): Promise<ServedWorkload> {
  const folder = `/models/${encodeURIComponent(id)}`;
  const put = (name: string, content: Uint8Array): string => {
    contents.set(`/models/${id}/${name}`, content);
    return `${folder}/${name}`;
  };
  const emitted = await emit(bytes, { optimize, shapes: { [inputName]: dims } });
  const addresses = [...emitted.files].map(([name, content]) => put(name, content));
  const module = addresses.find((address) => address.endsWith('.js'));
  const code = [...emitted.files].filter(([name]) => /\.(js|wgsl)$/.test(name));
  const { buffer, byteOffset, byteLength } = input;
  return {
    workload: {
      model: put('as-exported.onnx', bytes),
      folded: put('folded.onnx', exportOnnx(graph)),
      inputName,
      outputName,
      dims,
      ...(module === undefined ? {} : { module }),
    },
    input: put('image.f32', new Uint8Array(buffer, byteOffset, byteLength)),
    ...(module === undefined
      ? { refusal: emitted.refusal ?? 'The compiler gave no .js file.' }
      : { codeBytes: code.reduce((sum, [, content]) => sum + gzipSync(content).length, 0) }),
  };
}

interface Emitted {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly refusal?: string;
}

async function emit(bytes: Uint8Array, options: CompileOptions): Promise<Emitted> {
  const target = targetNames.find((name) => String(name) === 'wgsl');
  if (target === undefined)
    return { files: new Map(), refusal: 'The compiler has no target wgsl.' };
  try {
    return await compile(bytes, { ...options, target });
  } catch (error) {
    return { files: new Map(), refusal: String(error).split('\n')[0] ?? '' };
  }
}

/**
 * The bytes that belong to a module besides its text: its weights and its WebAssembly. They are files
 * beside it or base64 inside of it, and `load` may be given others.
 */

import type { ModuleConstant, ModuleFunction } from './es-module.js';
import { jsString } from './js-string.js';
import type { LoadParts } from './load-function.js';
import {
  bytesOf,
  checksumInTurns,
  checksumOf,
  checkWeights,
  decodeBase64,
  files,
  fill,
  fuseSums,
  instantiate,
  relaxedModule,
  request,
} from './module-runtime.js';

export interface ModuleAssets {
  /** 64-byte aligned, from the start of the memory on; may be empty. */
  readonly weights: Uint8Array;
  /** Of the weights: see `checksumOf`. */
  readonly checksum: number;
  /** Without it an instance has a memory of `memoryBytes`, but for WebGPU. */
  readonly wasm?: WasmParts;
  readonly memoryBytes: number;
}

interface WasmParts {
  readonly bytes: Uint8Array;
  /** The word in its custom section `checksum`. */
  readonly checksum: number;
  /** Where in its bytes a list of the sums that can be fused begins, if there is one: see `fuseSums`. */
  readonly sumsAt: number | undefined;
  /** What it imports: the text of an object. */
  readonly imports: string;
}

/** Where the bytes of assets go. */
export interface AssetPlaces {
  /** The stem of the files; safe to use as one. */
  readonly stem: string;
  /** Gives bytes as base64, which then goes into the module. Undefined where they stay in files. */
  readonly inline: ((bytes: Uint8Array) => string) | undefined;
}

/** What `load` does for the assets. */
export function loadParts(assets: ModuleAssets, places: AssetPlaces): Omit<LoadParts, 'gpu'> {
  const { wasm, weights, checksum, memoryBytes } = assets;
  const source = (ending: Ending): string => {
    const own = places.inline
      ? `decodeBase64(${inlineNames[ending]})`
      : `new URL(${jsString(`./${places.stem}.${ending}`)}, import.meta.url)`;
    return `options.${ending === 'wasm' ? 'wasm' : 'weights'} ?? ${own}`;
  };
  const sumsAt = wasm?.sumsAt === undefined ? '' : `, ${wasm.sumsAt}`;
  return {
    instantiate: wasm && `instantiate(${source('wasm')}, ${wasm.checksum}${sumsAt})`,
    memoryBytes,
    weights:
      weights.length > 0
        ? { source: source('weights.bin'), length: weights.length, checksum }
        : undefined,
  };
}

/** The items of a module that assets need. */
export function assetItems(
  assets: ModuleAssets,
  { inline }: AssetPlaces,
  gpu: boolean,
): readonly (ModuleFunction | ModuleConstant)[] {
  const { wasm, weights } = assets;
  const bytes = assetBytes(assets);
  if (bytes.length === 0) return [];
  const hasSums = wasm?.sumsAt !== undefined;
  return [
    ...[request, files],
    ...(weights.length > 0 ? [fill, checkWeights] : []),
    ...(weights.length > 0 && !wasm ? [gpu ? checksumInTurns : checksumOf] : []),
    ...(wasm ? [bytesOf, instantiate(hasSums), importsOf(wasm)] : []),
    ...(hasSums ? [fuseSums, relaxedModule] : []),
    ...(inline ? [decodeBase64] : []),
    ...bytes.flatMap(([ending, content]) =>
      inline ? [constant(inlineNames[ending], `"${inline(content)}"`)] : [],
    ),
  ];
}

/** The files beside the module; none where everything is inside. */
export function assetFiles(
  assets: ModuleAssets,
  { stem, inline }: AssetPlaces,
): readonly (readonly [string, Uint8Array])[] {
  if (inline) return [];
  return assetBytes(assets).map(([ending, bytes]) => [`${stem}.${ending}`, bytes]);
}

type Ending = 'wasm' | 'weights.bin';

function assetBytes({ wasm, weights }: ModuleAssets): readonly (readonly [Ending, Uint8Array])[] {
  const all: readonly (readonly [Ending, Uint8Array | undefined])[] = [
    ['wasm', wasm?.bytes],
    ['weights.bin', weights],
  ];
  return all.flatMap(([ending, bytes]) => (bytes?.length ? [[ending, bytes] as const] : []));
}

const inlineNames: Readonly<Record<Ending, string>> = {
  wasm: 'inlineWasm',
  'weights.bin': 'inlineWeights',
};

function importsOf({ imports }: WasmParts): ModuleConstant {
  return constant('imports', imports);
}

function constant(name: string, value: string): ModuleConstant {
  return { kind: 'constant', name, value };
}

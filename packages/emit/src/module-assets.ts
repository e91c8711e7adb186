/**
 * The bytes that belong to a module besides its text: its weights and its WebAssembly. They are files
 * beside it or base64 inside of it, and `load` may be given others.
 */

import type { ModuleConstant, ModuleFunction, ModuleItem } from './es-module.js';
import { jsString } from './js-string.js';
import type { LoadedPart } from './load-function.js';
import {
  checkWeights,
  decodeBase64,
  fuseSums,
  instantiate,
  readBytes,
  relaxedModule,
} from './module-runtime.js';

export interface ModuleAsset {
  /** The option of `load` that takes it. */
  readonly option: 'weights' | 'wasm';
  readonly ending: string;
  readonly bytes: Uint8Array;
  /** Whatever gets and checks it, besides what every asset needs. */
  readonly functions: readonly ModuleItem[];
  /** `source` is the text of an expression: what `load` was given or finds itself. */
  readonly load: (source: string) => LoadedPart;
}

/** Where the bytes of assets go. */
export interface AssetPlaces {
  /** The stem of the files; safe to use as one. */
  readonly stem: string;
  /** Gives bytes as base64, which then goes into the module. Undefined where they stay in files. */
  readonly inline: ((bytes: Uint8Array) => string) | undefined;
}

/** `createModel` is given the bytes. The checksum is that of `checkWeights`. */
export function weightsAsset(bytes: Uint8Array, checksum: number): ModuleAsset {
  return {
    option: 'weights',
    ending: 'weights.bin',
    bytes,
    functions: [checkWeights],
    load: (source) => ({
      variable: 'bytes',
      request: `readBytes("weights", ${source})`,
      argument: `checkWeights(bytes, ${bytes.length}, ${checksum})`,
    }),
  };
}

export interface WasmParts {
  readonly bytes: Uint8Array;
  /** The word in its custom section `checksum`. */
  readonly checksum: number;
  /** Where in its bytes a list of the sums that can be fused begins, if there is one: see `fuseSums`. */
  readonly sumsAt: number | undefined;
  /** What it imports: the text of an object. */
  readonly imports: string;
}

/** `createModel` is given the exports of an instance. */
export function wasmAsset({ bytes, checksum, sumsAt, imports }: WasmParts): ModuleAsset {
  const hasSums = sumsAt !== undefined;
  return {
    option: 'wasm',
    ending: 'wasm',
    bytes,
    functions: [
      { kind: 'constant', name: 'imports', value: imports },
      instantiate(hasSums),
      ...(hasSums ? [fuseSums, relaxedModule] : []),
    ],
    load: (source) => ({
      variable: 'exports',
      request: `instantiate(${source}, ${checksum}${hasSums ? `, ${sumsAt}` : ''})`,
      argument: 'exports',
    }),
  };
}

/** What `load` does for an asset. */
export function loadedPart(asset: ModuleAsset, { stem, inline }: AssetPlaces): LoadedPart {
  const source = inline
    ? `decodeBase64(${inlineName(asset)})`
    : `new URL(${jsString(`./${fileOf(asset, stem)}`)}, import.meta.url)`;
  return asset.load(`options.${asset.option} ?? ${source}`);
}

/** The items of a module that assets need. */
export function assetItems(
  assets: readonly ModuleAsset[],
  { inline }: AssetPlaces,
): readonly ModuleItem[] {
  if (assets.length === 0) return [];
  const shared: readonly ModuleFunction[] = inline ? [readBytes, decodeBase64] : [readBytes];
  const constants = assets.map(
    (asset): ModuleConstant => ({
      kind: 'constant',
      name: inlineName(asset),
      value: `"${inline?.(asset.bytes)}"`,
    }),
  );
  return [...shared, ...assets.flatMap(({ functions }) => functions), ...(inline ? constants : [])];
}

/** The files beside the module; none where everything is inside. */
export function assetFiles(
  assets: readonly ModuleAsset[],
  { stem, inline }: AssetPlaces,
): readonly (readonly [string, Uint8Array])[] {
  return inline ? [] : assets.map((asset) => [fileOf(asset, stem), asset.bytes]);
}

function fileOf({ ending }: ModuleAsset, stem: string): string {
  return `${stem}.${ending}`;
}

function inlineName({ option }: ModuleAsset): string {
  return option === 'weights' ? 'inlineWeights' : 'inlineWasm';
}

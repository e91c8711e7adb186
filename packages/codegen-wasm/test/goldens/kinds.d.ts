type WebUrl = typeof globalThis extends { URL: { prototype: infer Instance } } ? Instance : { readonly href: string };
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Instance } } } ? Instance : never;
type Float16Bits = typeof globalThis extends { Float16Array: { prototype: infer Instance } } ? Instance : never;
/** The inputs of the model, in its order. */
export declare const inputs: readonly [
  { readonly name: "wide"; readonly dtype: "int64"; readonly dims: readonly [3] },
  { readonly name: "half"; readonly dtype: "float16"; readonly dims: readonly [3] },
  { readonly name: "bytes"; readonly dtype: "uint8"; readonly dims: readonly [3] },
];
/** The outputs of the model, in its order. */
export declare const outputs: readonly [
  { readonly name: "flags"; readonly dtype: "bool"; readonly dims: readonly [3] },
  { readonly name: "sums"; readonly dtype: "int64"; readonly dims: readonly [3] },
  { readonly name: "halves"; readonly dtype: "float16"; readonly dims: readonly [3] },
];

/** What `load` may be given. */
export interface LoadOptions {
  /** The weights, or where they are. By default the file beside this one. */
  readonly weights?: WebUrl | string | ArrayBuffer | Uint8Array;
  /** The WebAssembly module, its bytes, or where they are. By default the file beside this one. */
  readonly wasm?: WebUrl | string | ArrayBuffer | Uint8Array | WasmModule;
  /** Sizes for the symbolic dims. */
  readonly dims?: Readonly<Record<string, number>>;
}

/** What `run` reads: the data of each input, alone or with its dims. */
export interface Feeds {
  /** int64 [3] */
  readonly "wide": BigInt64Array | { readonly data: BigInt64Array; readonly dims: readonly [3] };
  /** float16 [3] */
  readonly "half": Uint16Array | Float16Bits | { readonly data: Uint16Array | Float16Bits; readonly dims: readonly [3] };
  /** uint8 [3] */
  readonly "bytes": Uint8Array | { readonly data: Uint8Array; readonly dims: readonly [3] };
}

/** What `run` gives for each output. */
export interface Results {
  /** bool [3] */
  readonly "flags": { readonly data: Uint8Array; readonly dims: readonly [3]; readonly dtype: "bool" };
  /** int64 [3] */
  readonly "sums": { readonly data: BigInt64Array; readonly dims: readonly [3]; readonly dtype: "int64" };
  /** float16 [3] */
  readonly "halves": { readonly data: Uint16Array; readonly dims: readonly [3]; readonly dtype: "float16" };
}

/** A loaded instance of the model. */
export interface Model {
  /**
   * Runs the model once. Results of an earlier run, when given, are written again.
   *
   * @throws {TypeError} on a wrong name, dtype, length or shape.
   */
  run(feeds: Feeds, results?: Results): Results;
  /** Frees what the instance holds. Its `run` may not be called afterwards. */
  dispose(): void;
}

/** Makes an instance of the model. Instances share nothing. */
export declare function load(options?: LoadOptions): Promise<Model>;
export {};

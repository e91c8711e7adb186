type WebUrl = typeof globalThis extends { URL: { prototype: infer Instance } } ? Instance : { readonly href: string };
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Instance } } } ? Instance : never;
/** The inputs of the model, in its order. */
export declare const inputs: readonly [
  { readonly name: "x"; readonly dtype: "float32"; readonly dims: readonly [1, 4] },
];
/** The outputs of the model, in its order. */
export declare const outputs: readonly [
  { readonly name: "y"; readonly dtype: "float32"; readonly dims: readonly [1, 4] },
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
  /** float32 [1, 4] */
  readonly "x": Float32Array | { readonly data: Float32Array; readonly dims: readonly [1, 4] };
}

/** What `run` gives for each output. */
export interface Results {
  /** float32 [1, 4] */
  readonly "y": { readonly data: Float32Array; readonly dims: readonly [1, 4]; readonly dtype: "float32" };
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

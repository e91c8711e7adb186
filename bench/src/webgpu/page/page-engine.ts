/** An engine in the page: how it comes from nothing to a model that runs, in the steps that are timed. */

/** What the page fetches and computes, as addresses on its own server. */
export interface PageWorkload {
  /** The module that Whittle emitted; absent where it has no such target. */
  readonly module?: string;
  /** The model as frameworks export it. */
  readonly model: string;
  /** The same with batch normalization folded, as ONNX too, for TensorFlow.js. */
  readonly folded: string;
  readonly inputName: string;
  readonly outputName: string;
  /** [N, C, H, W]. */
  readonly dims: readonly number[];
}

export interface PageEngine {
  readonly id: string;
  /** Fetches and evaluates the code of the engine. */
  readonly importCode: (workload: PageWorkload) => Promise<ImportedCode>;
  /** Untimed, before all else: what stands in for the part of a user. */
  readonly prepare?: (workload: PageWorkload) => Promise<void>;
}

interface ImportedCode {
  /** The engine, its version, and how it was set up. */
  readonly title: string;
  /** Gets a device and makes of the model what runs. */
  readonly create: () => Promise<PageModel>;
}

export interface PageModel {
  /** From an image in memory to the scores in memory. The image is in the layout of `layout`. */
  run(image: Float32Array): Promise<Float32Array>;
  readonly layout: 'NCHW' | 'NHWC';
  /** Makes the same model once more on the same device, and drops that. */
  readonly createAgain?: (device: object) => Promise<void>;
  dispose(): void | Promise<void>;
}

/**
 * What an untrusted model may ask for. The defaults let every real model through and keep the time
 * and memory that a hostile one can take within bounds.
 */

export interface ImportLimits {
  /** Bytes of the model file; protocol buffers themselves end at 2 GiB. */
  readonly modelBytes: number;
  /** Graphs inside graphs, types inside types, groups inside groups, functions inside functions. */
  readonly depth: number;
  /** Nodes, those in subgraphs and those that functions expand to included. */
  readonly nodes: number;
  readonly attributes: number;
  /** Initializers and tensors in attributes. */
  readonly tensors: number;
  /** Protocol buffer messages of any kind. */
  readonly messages: number;
}

export const defaultLimits: ImportLimits = {
  modelBytes: 2 ** 31 - 1,
  depth: 64,
  nodes: 500_000,
  attributes: 2_000_000,
  tensors: 500_000,
  messages: 4_000_000,
};

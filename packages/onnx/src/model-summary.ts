/**
 * What a model file consists of, as it is written: its ops are given no meaning. This file names no type
 * of the decoder, so that neither do the type declarations that users see.
 */

export interface ModelSummary {
  /** Nodes, `Constant` and those in subgraphs included. A call of a function is one node. */
  readonly nodes: number;
  /** How many nodes of each op there are; the most frequent first, equal counts by name. */
  readonly ops: Readonly<Record<string, number>>;
  /** Bytes of initializers and of tensors in attributes, wherever they are stored. */
  readonly parameterBytes: number;
}

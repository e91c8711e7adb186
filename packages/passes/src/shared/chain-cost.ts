/** What one way to compute a chain of convolutions costs, or one kernel of it. */

export interface ChainCost {
  /** How many of the chain's last stages share a kernel; 1 where all are apart. */
  readonly fused: number;
  readonly kernels: number;
  readonly nanoseconds: number;
  /** The most bytes that tensors and scratch take at a time. */
  readonly arenaBytes: number;
  /** Bytes that go to memory and come from there, because the cache does not hold them. */
  readonly movedBytes: number;
  /** Output rows of a band; 0 where no stages share a kernel. */
  readonly bandRows: number;
}

export type KernelCost = Omit<ChainCost, 'fused' | 'kernels'>;

/** The ways in which each case of the separable family is compiled, as rows. */

import { jsCapabilities } from '@whittle/codegen-js';
import { wasmCapabilities } from '@whittle/codegen-wasm';
import type { Policy } from '@whittle/ir';
import type { Capabilities } from '@whittle/kernel';
import type { OptimizationLevel } from '@whittle/passes';
import type { Layout } from './separable-site.js';

export interface Way {
  readonly name: string;
  readonly layout: Layout;
  readonly level: OptimizationLevel;
  /** What `fuse` and `splitGroups` are. */
  readonly policy: Policy;
  readonly target: Capabilities;
  /** Rows of the bands of fused ops; where absent, what the cost model says. */
  readonly bandRows: number | undefined;
}

/** Every way has to give what the first gives, and what onnxruntime gives. */
export function waysFor(seed: number): readonly Way[] {
  const tuning = tunings[tuningOf(seed)];
  return [
    asWritten,
    { ...asWritten, name: 'neither fused nor split', level: 2 },
    { ...asWritten, name: 'fused and split', level: 2, policy: 'all', ...tuning },
    { ...asWritten, name: 'fused and split', level: 2, policy: 'all', ...tuning, layout: 'NHWC' },
    {
      ...{ name: 'for WebAssembly', layout: seed % 2 === 0 ? 'NCHW' : 'NHWC', level: 2 },
      ...{ policy: seed % 3 === 0 ? 'none' : 'all', bandRows: tuning?.bandRows },
      target: wasmCapabilities,
    },
    // The cost model chooses for each op among the ways above, which some cases are enough to show.
    ...(tuning === asChosen
      ? [{ ...asWritten, name: 'as the cost model says', level: 2, policy: 'auto' } as const]
      : []),
  ];
}

/** Which row of `tunings` a case is fused and split with. All kinds of cases have all of them. */
export function tuningOf(seed: number): number {
  return Math.floor(seed / 8) % tunings.length;
}

type Tuning = Pick<Way, 'target' | 'bandRows'>;

const asChosen: Tuning = { target: jsCapabilities, bandRows: undefined };

/** Tiles and bands that do and do not divide what is cut into them. */
const tunings: readonly Tuning[] = [
  asChosen,
  { target: withTiles(3, 4, 4), bandRows: 1 },
  { target: withTiles(1, 1, 1), bandRows: 2 },
  { target: withTiles(2, 3, 2), bandRows: 3 },
  { target: withTiles(4, 2, 3), bandRows: 4 },
];

function withTiles(tileRows: number, tileColumns: number, depthwisePixels: number): Capabilities {
  return { ...jsCapabilities, tileRows, tileColumns, depthwisePixels };
}

const asWritten: Way = {
  ...{ name: 'as written', layout: 'NCHW', level: 0, policy: 'none', ...asChosen },
};

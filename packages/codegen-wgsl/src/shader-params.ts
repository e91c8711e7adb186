/** How the parameters of a kernel are bound in a shader. */

import type { Param } from '@whittle/kernel';

/** A binding of a shader: memory of one dtype, from the binding's start on. */
export interface Slot {
  /** What lies there. Narrow dtypes and those of 64 bits lie there only as constants, packed as ever. */
  readonly dtype: Param['dtype'];
  readonly access: 'read' | 'read_write';
  /** Whether the shader has a type for what lies there: `f16`, of float16. Default: only of words. */
  readonly isNative?: boolean;
}

/** Where a parameter's indices count from: so many elements from the start of a slot. */
export interface PlacedParam {
  readonly slot: number;
  readonly offset: number;
}

/** By the names of parameters. Parameters over one buffer share a slot. */
export interface ShaderParams {
  readonly slots: readonly Slot[];
  readonly params: ReadonlyMap<string, PlacedParam>;
}

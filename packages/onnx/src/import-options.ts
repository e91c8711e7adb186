/**
 * What a caller may say about an import. This file names no type of the decoder, so that neither do
 * the type declarations that users see.
 */

import type { Tensor } from '@whittle/ir';
import type { ImportLimits } from './limits.js';
import type { ModelSummary } from './model-summary.js';

export interface DimOptions {
  /** The dims of inputs, by input name. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Numbers for named dims. */
  readonly dims?: Readonly<Record<string, number>>;
}

/**
 * Gives the bytes of the file at `location`, a relative path with `/` between its segments; or
 * undefined where there is none.
 */
export type ExternalDataResolver = (location: string) => Uint8Array | undefined;

/** The resolver itself, or the files by location. */
export type ExternalData = ExternalDataResolver | ReadonlyMap<string, Uint8Array>;

/** A tensor of the input's type, or its number or numbers, of an input of rank 0 or 1. */
export type InputConstant = Tensor | number | readonly number[];

export interface ImportOptions extends DimOptions {
  /** Where tensors outside the model file come from; without it such a tensor is an error. */
  readonly externalData?: ExternalData;
  readonly limits?: Partial<ImportLimits>;
  /** What inputs always hold, by input name: they become constants, and a run is not given them. */
  readonly constants?: Readonly<Record<string, InputConstant>>;
  /** Hears what the import leaves out, one line each. */
  readonly onWarning?: (message: string) => void;
  /** Hears what `constants` came to, as tensors of the types that the model declares. */
  readonly onConstants?: (constants: ReadonlyMap<string, Tensor>) => void;
  /** Hears what the file consists of. */
  readonly onSummary?: (summary: ModelSummary) => void;
}

/** How reports describe an input or output. */

import { type DType, formatDim, isBound, type Value } from '@whittle/ir';

export interface TensorSignature {
  readonly name: string;
  readonly dtype: DType | 'unknown';
  /** Numbers, and the text of dims that have none: `batch`, `2*n + 1`. */
  readonly dims: readonly (number | string)[];
}

export function signatureOf(name: string, { type }: Value): TensorSignature {
  return {
    name,
    dtype: type?.dtype ?? 'unknown',
    dims: (type?.dims ?? []).map((dim) => (isBound(dim) ? dim : formatDim(dim))),
  };
}

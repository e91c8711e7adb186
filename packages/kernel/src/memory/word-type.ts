/**
 * The words of targets that have a grid: whatever their memory holds takes four bytes an element, or two
 * where floats are held in halves.
 */

import { CompilerError } from '@whittle/ir';
import type { Space } from '../loop-ir.js';
import type { ElementType } from '../lower/rule.js';

/** What a word holds. */
export type WordType = 'float32' | 'int32' | 'uint32';

/** The word in which an element lies; undefined where no word holds all that the dtype means. */
export function wordTypeOf(dtype: ElementType): WordType | undefined {
  return words[dtype];
}

/** @throws {CompilerError} `E_UNSUPPORTED_FEATURE` of a dtype without a word; `what` is of it. */
export function requireWordType(dtype: ElementType, what: string): WordType {
  return words[dtype] ?? refuse(dtype, what);
}

/**
 * As what an element lies in memory, where floats are held in halves. `bfloat16` keeps its range.
 * @throws {CompilerError} as `requireWordType` does.
 */
export function heldInHalves(dtype: ElementType, space: Space, what: string): ElementType {
  if (dtype === 'float32' || dtype === 'float16') return 'float16';
  // Constants stay packed as the weights file has them.
  return space === 'constants' ? dtype : requireWordType(dtype, what);
}

const words: Readonly<Record<ElementType, WordType | undefined>> = {
  float32: 'float32',
  float16: 'float32',
  bfloat16: 'float32',
  float64: undefined,
  int8: 'int32',
  int16: 'int32',
  int32: 'int32',
  int64: 'int32',
  uint8: 'uint32',
  uint16: 'uint32',
  uint32: 'uint32',
  uint64: 'uint32',
  bool: 'uint32',
};

function refuse(dtype: ElementType, what: string): never {
  throw new CompilerError(
    'E_UNSUPPORTED_FEATURE',
    `${what} is of ${dtype}, which this target lacks.`,
    {
      hint: 'Export the model in float32, or compile it for js or wasm.',
    },
  );
}

/** Elements and the words that they lie in, where memory is of words. */

import { newTypedArray, type TypedArray } from '@whittle/ir';
import type { ElementType } from '../lower/rule.js';
import { requireWordType } from '../memory/word-type.js';
import { halfFormats } from './memory.js';

/** A word for each element; integers of 64 bits lose their upper half. */
export function wordsOf(elements: TypedArray, dtype: ElementType): TypedArray {
  const words = newTypedArray(requireWordType(dtype, 'A tensor'), elements.length);
  for (const [i, element] of elements.entries()) {
    const number = typeof element === 'bigint' ? Number(BigInt.asIntN(32, element)) : element;
    words[i] = isHalf(dtype) ? halfFormats[dtype].decode(number) : number;
  }
  return words;
}

/** The elements of a dtype that lie in words. */
export function elementsOfWords(words: TypedArray, dtype: ElementType): TypedArray {
  const elements = newTypedArray(dtype, words.length);
  const encode = isHalf(dtype) ? halfFormats[dtype].encode : Number;
  for (const [i, word] of words.entries()) {
    if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
      elements[i] = BigInt(word);
    } else elements[i] = dtype === 'bool' ? Number(word !== 0) : encode(Number(word));
  }
  return elements;
}

function isHalf(dtype: ElementType): dtype is keyof typeof halfFormats {
  return dtype === 'float16' || dtype === 'bfloat16';
}

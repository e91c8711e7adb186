/** Elements and the words that they lie in, where memory is of words. */

import { newTypedArray, type TypedArray } from '@whittle/ir';
import type { ElementType } from '../lower/rule.js';
import { halfFormats } from './memory.js';

/** What holds the elements of a dtype as another one; integers of 64 bits lose their upper half. */
export function wordsOf(elements: TypedArray, dtype: ElementType, held: ElementType): TypedArray {
  const words = newTypedArray(held, elements.length);
  const encode = isHalf(held) ? halfFormats[held].encode : Number;
  for (const [i, element] of elements.entries()) {
    const number = typeof element === 'bigint' ? Number(BigInt.asIntN(32, element)) : element;
    words[i] = encode(isHalf(dtype) ? halfFormats[dtype].decode(number) : number);
  }
  return words;
}

/** The elements of a dtype that are held as another one. */
export function elementsOfWords(
  words: TypedArray,
  dtype: ElementType,
  held: ElementType,
): TypedArray {
  const elements = newTypedArray(dtype, words.length);
  const encode = isHalf(dtype) ? halfFormats[dtype].encode : Number;
  const decode = isHalf(held) ? halfFormats[held].decode : Number;
  for (const [i, word] of words.entries()) {
    if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
      elements[i] = BigInt(word);
    } else elements[i] = dtype === 'bool' ? Number(word !== 0) : encode(decode(Number(word)));
  }
  return elements;
}

function isHalf(dtype: ElementType): dtype is keyof typeof halfFormats {
  return dtype === 'float16' || dtype === 'bfloat16';
}

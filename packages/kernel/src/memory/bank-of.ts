/** Which bank of the arena a buffer lies in. */

import { CompilerError } from '@whittle/ir';
import type { ArenaPlan, Bank, Buffer } from '../program.js';

/**
 * The bank that holds the first byte of a buffer of the arena; it holds them all.
 * @throws {CompilerError} `E_INTERNAL` of a buffer before the first bank.
 */
export function bankOf({ name, byteOffset }: Buffer, { banks }: ArenaPlan): Bank {
  const bank = banks.findLast((one) => one.byteOffset <= byteOffset);
  if (bank === undefined) {
    throw new CompilerError('E_INTERNAL', `The buffer "${name}" lies in no bank.`);
  }
  return bank;
}

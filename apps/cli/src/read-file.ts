/** Reads a file whole, with the command's errors. */

import { readFileSync } from 'node:fs';
import { CompilerError } from '@whittle/compiler';
import { ioError, isSystemError } from './io-error.js';

/** Protocol buffers end here, and so does an `ArrayBuffer` that can be counted on. */
export const maxFileBytes = 2 ** 31 - 1;

/** @throws {CompilerError} `E_IO` where it cannot be read, `E_LIMIT_SIZE` from 2 GiB. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof CompilerError) throw error;
    if (isSystemError(error) && error.code === 'ERR_FS_FILE_TOO_LARGE') throw fileTooLarge();
    throw ioError(`Cannot read ${JSON.stringify(path)}`, error);
  }
}

export function fileTooLarge(): CompilerError {
  return new CompilerError('E_LIMIT_SIZE', 'A file of 2 GiB or more is no model that can be read.');
}

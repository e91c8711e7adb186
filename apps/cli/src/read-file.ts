/**
 * Reads a file whole, into memory that the system gets back once the bytes are collected.
 *
 * What `readFileSync` returns comes from malloc, and glibc, once it has freed a block of some megabytes,
 * takes further blocks of that size from a heap that it never returns: every weight made after the
 * model was freed would then stay. The memory of WebAssembly is mapped and unmapped by the engine itself.
 * Measured on MobileNetV2: 6 MB less at the peak.
 */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { CompilerError } from '@whittle/compiler';
import { ioError, isSystemError } from './io-error.js';

/** As much of it as is used here; it is in the DOM's types only. */
declare const WebAssembly: {
  readonly Memory: new (options: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** Protocol buffers end here, and so does an `ArrayBuffer` that can be counted on. */
export const maxFileBytes = 2 ** 31 - 1;

/** @throws {CompilerError} `E_IO` where it cannot be read, `E_LIMIT_SIZE` from 2 GiB. */
export function readFile(path: string): Uint8Array {
  try {
    const file = openSync(path, 'r');
    try {
      return readOpen(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof CompilerError) throw error;
    if (isSystemError(error) && error.code === 'ERR_FS_FILE_TOO_LARGE') throw fileTooLarge();
    throw ioError(`Cannot read ${JSON.stringify(path)}`, error);
  }
}

export function fileTooLarge(): CompilerError {
  return new CompilerError('E_LIMIT_SIZE', 'A file of 2 GiB or more is no model that can be read.');
}

/** Pipes and the like have no size before they end. */
function readOpen(file: number): Uint8Array {
  const status = fstatSync(file);
  if (!status.isFile() || status.size < smallest) return readFileSync(file);
  if (status.size > maxFileBytes) throw fileTooLarge();
  const bytes = mappedBytes(status.size);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(file, bytes, length, bytes.length - length, null);
  }
  // A file may have been cut short since its size was asked for.
  return bytes.subarray(0, length);
}

/** Below this many bytes it does not matter where they lie. */
const smallest = 1 << 20;
const pageBytes = 1 << 16;

function mappedBytes(size: number): Uint8Array {
  try {
    const { buffer } = new WebAssembly.Memory({ initial: Math.ceil(size / pageBytes) });
    return new Uint8Array(buffer, 0, size);
  } catch {
    // The engine reserves more addresses than it uses, which a limit on them may forbid.
    return new Uint8Array(size);
  }
}

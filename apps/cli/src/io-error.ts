/** Errors of the file system, as errors that users see. */

import { CompilerError } from '@whittle/compiler';

/** In words, for what happens most; the system's own message says the rest. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk cannot be written to',
  EEXIST: 'something else has that name',
  ELOOP: 'its links lead round in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** `what` is the start of a sentence without its point: `Cannot read "x"`. */
export function ioError(what: string, cause: unknown): CompilerError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = isSystemError(cause) ? (reasons[cause.code] ?? message) : message;
  return new CompilerError('E_IO', `${what}: ${reason}.`, { cause });
}

export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/**
 * Errors of WebGPU: what modules of the target `wgsl` throw as an `Error` with a code, and what the command
 * throws alike where it finds no device to hand them.
 */

import { exitCodes } from './exit-codes.js';

export const exitCodeOfGpuError = {
  E_GPU_UNAVAILABLE: exitCodes.failed,
  E_GPU_LIMIT: exitCodes.limit,
  E_GPU_SHADER: exitCodes.failed,
  E_GPU_DEVICE: exitCodes.failed,
  E_GPU_LOST: exitCodes.failed,
} as const;

export type GpuErrorCode = keyof typeof exitCodeOfGpuError;

export class GpuError extends Error {
  override readonly name = 'GpuError';
  readonly code: GpuErrorCode;
  readonly hint: string | undefined;

  constructor(code: GpuErrorCode, message: string, options: { hint?: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** By its code, since modules have no classes of their own. */
export function isGpuError(
  error: unknown,
): error is Error & { readonly code: GpuErrorCode; readonly hint?: string | undefined } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    Object.hasOwn(exitCodeOfGpuError, error.code)
  );
}

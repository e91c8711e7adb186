/** What the exit code of the process says, and which error says what. */

import type { ErrorCode } from '@whittle/compiler';

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  invalidModel: 3,
  unsupported: 4,
  verifyFailed: 5,
  io: 6,
  limit: 7,
  internal: 70,
  interrupted: 130,
} as const;

export const exitCodeOfError: Readonly<Record<ErrorCode, number>> = {
  E_INVALID_MODEL: exitCodes.invalidModel,
  E_INVALID_GRAPH: exitCodes.invalidModel,
  E_INVALID_TEXT: exitCodes.invalidModel,
  E_UNSUPPORTED_OP: exitCodes.unsupported,
  E_UNSUPPORTED_FEATURE: exitCodes.unsupported,
  E_UNBOUND_DIM: exitCodes.usage,
  E_INVALID_OPTION: exitCodes.usage,
  E_EXTERNAL_DATA: exitCodes.io,
  E_LIMIT_DEPTH: exitCodes.limit,
  E_LIMIT_SIZE: exitCodes.limit,
  E_LIMIT_COUNT: exitCodes.limit,
  E_VERIFY_FAILED: exitCodes.verifyFailed,
  E_IO: exitCodes.io,
  E_INTERNAL: exitCodes.internal,
};

/**
 * Tensors whose elements live in another file. This package reads no files: the caller hands in a
 * resolver, and sees only locations that stay below the model's own folder when read as a relative
 * path. The caller still has to check what a path leads to (links, devices), which text cannot say.
 *
 * Source: the "External Data" chapter of the ONNX specification.
 */

import { CompilerError } from '@whittle/ir';
import type { onnx } from 'onnx-proto';
import type { ExternalData } from './import-options.js';
import { quoted } from './quoted.js';

/** The keys of the specification, and `checksum`, which is not checked. */
const knownKeys: ReadonlySet<string> = new Set(['location', 'offset', 'length', 'checksum']);

export interface ExternalDataRequest {
  readonly tensor: string;
  readonly entries: readonly onnx.IStringStringEntryProto[];
  /** How many bytes the dims ask for. */
  readonly byteLength: number;
  readonly externalData: ExternalData | undefined;
  readonly onUnknownKey: (key: string) => void;
}

/**
 * The bytes of an external tensor: a view into the file that the resolver gives.
 * @throws {CompilerError} `E_EXTERNAL_DATA` where there is no resolver, no file, or too little of
 *   it; `E_INVALID_MODEL` where the location or a number is malformed.
 */
export function readExternalData(request: ExternalDataRequest): Uint8Array {
  const { tensor, byteLength, externalData } = request;
  const values = new Map<string, string>();
  for (const { key, value } of request.entries) {
    if (!knownKeys.has(key ?? '')) request.onUnknownKey(key ?? '');
    values.set(key ?? '', value ?? '');
  }
  const location = checkedLocation(values.get('location') ?? '', tensor);
  const offset = checkedNumber(values.get('offset') ?? '0', 'offset', tensor);
  const written = values.get('length');
  const length = written === undefined ? byteLength : checkedNumber(written, 'length', tensor);
  if (length !== byteLength) {
    throw malformed(tensor, `has an external length of ${length}, but its dims need ${byteLength}`);
  }
  if (externalData === undefined) {
    throw new CompilerError(
      'E_EXTERNAL_DATA',
      `Tensor ${quoted(tensor)} lives in ${quoted(location)}, and no external data was given.`,
      {
        hint: 'Give the files beside the model by the option externalData.',
        where: { tensor },
      },
    );
  }
  const file =
    typeof externalData === 'function' ? externalData(location) : externalData.get(location);
  if (file === undefined) {
    throw new CompilerError(
      'E_EXTERNAL_DATA',
      `Tensor ${quoted(tensor)} lives in ${quoted(location)}, which is not there.`,
      { where: { tensor } },
    );
  }
  if (offset > file.byteLength || length > file.byteLength - offset) {
    throw new CompilerError(
      'E_EXTERNAL_DATA',
      `Tensor ${quoted(tensor)} needs ${length} bytes at offset ${offset} of ${quoted(location)}, which has ${file.byteLength}.`,
      { where: { tensor } },
    );
  }
  return new Uint8Array(file.buffer, file.byteOffset + offset, length);
}

/** A relative path of plain segments, whatever the platform; `./` in front is dropped. */
function checkedLocation(location: string, tensor: string): string {
  const segments = location.split('/');
  while (segments[0] === '.' && segments.length > 1) segments.shift();
  const plain =
    !location.includes('\\') &&
    !location.includes('\0') &&
    !/^[A-Za-z]:/.test(segments[0] ?? '') &&
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  if (!plain) {
    throw new CompilerError(
      'E_EXTERNAL_DATA',
      `Tensor ${quoted(tensor)} has the external location ${quoted(location)}, which is not a path below the model's folder.`,
      {
        hint: 'A location must be relative, without "..", drive letters, backslashes and NUL.',
        where: { tensor },
      },
    );
  }
  return segments.join('/');
}

function checkedNumber(text: string, what: string, tensor: string): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw malformed(
      tensor,
      `has an external ${what} of ${quoted(text)}, which is not a byte count`,
    );
  }
  return value;
}

function malformed(tensor: string, problem: string): CompilerError {
  return new CompilerError('E_INVALID_MODEL', `Tensor ${quoted(tensor)} ${problem}.`, {
    where: { tensor },
  });
}

/** The model and the files beside it. */

import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CompilerError, type ExternalDataResolver, safeStem } from '@whittle/compiler';
import { ioError, isSystemError } from './io-error.js';
import { fileTooLarge, maxFileBytes, readFile } from './read-file.js';
import type { Terminal } from './terminal.js';

export interface ModelFile {
  /**
   * Hands the bytes over, once: whoever takes them decides how long they live. A command that kept
   * them would hold a second copy of all weights until the end.
   */
  take(): Uint8Array;
  /** What emitted files are called after. */
  readonly stem: string;
  /** Absent for a model from stdin, which lies beside nothing. */
  readonly externalData?: ExternalDataResolver;
  /** Every file that was read so far, so that none is overwritten. */
  readonly read: readonly string[];
}

/** @throws {CompilerError} `E_IO` where it cannot be read, `E_LIMIT_SIZE` above 2 GiB. */
export async function readModel(path: string, terminal: Terminal): Promise<ModelFile> {
  if (path === '-') {
    return { take: handOver(await readStream(terminal.stdin)), stem: 'model', read: [] };
  }
  const read = [path];
  const take = handOver(readFile(path));
  const externalData = filesBeside(path, (file) => read.push(file));
  return { take, stem: safeStem(basename(path)), externalData, read };
}

function handOver(bytes: Uint8Array): () => Uint8Array {
  let kept: Uint8Array | undefined = bytes;
  return () => {
    const taken = kept;
    kept = undefined;
    if (taken === undefined) throw new CompilerError('E_INTERNAL', 'The model was taken twice.');
    return taken;
  };
}

async function readStream(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    if (length > maxFileBytes) throw fileTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * Files at or below the folder of the model. What a location leads to is judged by its real path, so
 * that no link leads out; only regular files are opened, and none that has another name elsewhere.
 */
function filesBeside(modelPath: string, onRead: (path: string) => void): ExternalDataResolver {
  const known = new Map<string, Uint8Array | undefined>();
  return (location) => {
    if (!known.has(location)) known.set(location, readBeside(modelPath, location, onRead));
    return known.get(location);
  };
}

function readBeside(
  modelPath: string,
  location: string,
  onRead: (path: string) => void,
): Uint8Array | undefined {
  try {
    const folder = realpathSync(dirname(modelPath));
    const path = realpathSync(join(folder, ...location.split('/')));
    const [first] = relative(folder, path).split(sep);
    if (first === '..' || first === '' || first === undefined) {
      throw refused(location, 'is not below the folder of the model');
    }
    onRead(path);
    return readRegular(path, location);
  } catch (error) {
    if (error instanceof CompilerError) throw error;
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw ioError(`Cannot read ${JSON.stringify(location)}`, error);
  }
}

/** What is open is what is judged: nothing can be put in its place between the two. */
function readRegular(path: string, location: string): Uint8Array {
  // Without O_NONBLOCK opening a FIFO would wait for a writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw refused(location, 'is not a regular file');
    if (status.nlink > 1) throw refused(location, 'has other names (hard links)');
    if (status.size > maxFileBytes) throw fileTooLarge();
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function refused(location: string, why: string): CompilerError {
  return new CompilerError('E_EXTERNAL_DATA', `${JSON.stringify(location)} ${why}.`, {
    hint: 'Put a copy of the file beside the model.',
  });
}

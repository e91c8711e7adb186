/**
 * Writing files so that each appears whole or not at all: all of them are written under temporary names
 * beside their places, and only then renamed. No file that was read is ever replaced.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CompilerError } from '@whittle/compiler';
import { ioError, isSystemError } from './io-error.js';

/**
 * Writes files into a folder, which is made where it is not there.
 * @throws {CompilerError} `E_INVALID_OPTION` where a file would replace one of `inputs`, `E_IO`; nothing
 *   is changed then, unless renaming itself fails half-way.
 */
export function writeFiles(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  inputs: readonly string[],
): void {
  const places = [...files].map(([name, bytes]) => ({ path: join(folder, name), bytes }));
  for (const { path } of places) refuseInputs(path, inputs);
  attempt(`Cannot make the folder ${JSON.stringify(folder)}`, () => makeFolder(folder));
  replaceAll(places);
}

/** As `writeFiles`, for one file at a path; its folder has to be there. */
export function writeOneFile(path: string, bytes: Uint8Array, inputs: readonly string[]): void {
  refuseInputs(path, inputs);
  replaceAll([{ path, bytes }]);
}

interface Place {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function replaceAll(places: readonly Place[]): void {
  const suffix = `${randomBytes(6).toString('hex')}.tmp`;
  const drafts = places.map(({ path, bytes }) => ({
    path,
    bytes,
    draft: join(dirname(path), `.${basename(path)}.${suffix}`),
  }));
  try {
    for (const { path, bytes, draft } of drafts) {
      refuseOtherKinds(path);
      attempt(`Cannot write ${JSON.stringify(path)}`, () => {
        writeFileSync(draft, bytes, { flag: 'wx' });
      });
    }
    for (const { path, draft } of drafts) {
      attempt(`Cannot write ${JSON.stringify(path)}`, () => renameSync(draft, path));
    }
  } catch (error) {
    for (const { draft } of drafts) rmSync(draft, { force: true });
    throw error;
  }
}

/** By device and inode, so that no spelling of a path, link or letter case hides an input. */
function refuseInputs(path: string, inputs: readonly string[]): void {
  const target = identify(path);
  for (const input of inputs) {
    if (target === undefined || identify(input) !== target) continue;
    throw new CompilerError(
      'E_INVALID_OPTION',
      `${JSON.stringify(path)} is an input and would be overwritten.`,
      { hint: 'Choose another place with -o.' },
    );
  }
}

/** Undefined where there is no such file, or no way to it. */
function identify(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** Folders first made at the top: a recursive `mkdirSync` of Node tries without end below `/proc`. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (parent !== folder && !exists(parent)) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A device, a pipe or a folder would give way to the file that is renamed to its place. */
function refuseOtherKinds(path: string): void {
  const what = `Cannot write ${JSON.stringify(path)}`;
  const status = attempt(what, () => statSync(path, { throwIfNoEntry: false }));
  if (status === undefined || status.isFile()) return;
  const kind = status.isDirectory() ? 'it is a folder' : 'it is no regular file';
  throw new CompilerError('E_IO', `${what}: ${kind}.`);
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isSystemError(error)) throw ioError(what, error);
    throw error;
  }
}

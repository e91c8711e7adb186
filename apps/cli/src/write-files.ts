/**
 * Writing files so that each appears whole or not at all: all of them are written under temporary names
 * beside their places, and only then renamed. No file that was read is ever replaced.
 */

import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
      attempt(`Cannot write ${JSON.stringify(path)}`, () => {
        writeFileSync(draft, bytes, { flag: 'wx' });
        if (isFolder(path)) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
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
      { hint: 'Choose another folder with -o, or another stem with --name.' },
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

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (isSystemError(error)) throw ioError(what, error);
    throw error;
  }
}

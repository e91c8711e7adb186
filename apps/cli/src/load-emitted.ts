/** Runs an emitted module in this process: from a folder of its own, which is gone once it is loaded. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Files, RunnableModel, Tensors } from '@whittle/compiler';
import { CompilerError } from '@whittle/compiler';
import { ioError, isSystemError } from './io-error.js';
import { tuneForRunning } from './process-tuning.js';
import type { GpuDevice } from './webgpu-package.js';

/** An instance as modules make it. One of a module for measuring says when each step begins. */
export interface EmittedModel extends RunnableModel {
  run(
    feeds: Readonly<Record<string, unknown>>,
    results?: Tensors,
    onStep?: (step: number) => void,
  ): Tensors | Promise<Tensors>;
}

/** What `load` of a module takes, as far as the command has it. */
export interface LoadOptions {
  readonly device?: GpuDevice;
}

/** @throws {CompilerError} `E_IO` where the folder for temporary files takes none. */
export async function loadEmitted(files: Files, options: LoadOptions = {}): Promise<EmittedModel> {
  tuneForRunning();
  const folder = writeTemporary(files);
  try {
    const entry = [...files.keys()].find((name) => name.endsWith('.js'));
    if (entry === undefined) throw new CompilerError('E_INTERNAL', 'No module was emitted.');
    const emitted = await import(pathToFileURL(join(folder, entry)).href);
    return await emitted.load(options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTemporary(files: Files): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'whittle-'));
    // A module is one by its name only where nothing above the folder says so.
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    return folder;
  } catch (error) {
    if (isSystemError(error)) throw ioError('Cannot write a temporary file', error);
    throw error;
  }
}

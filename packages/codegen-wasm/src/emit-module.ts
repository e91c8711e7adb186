/**
 * Writes a program as a standalone module that runs it in WebAssembly: `<stem>.js`, its declarations
 * `<stem>.d.ts` and, unless they go inside, `<stem>.wasm` and the weights `<stem>.weights.bin`.
 *
 * An instance has a memory of its own, exactly as large as the program needs. Its `run` copies the feeds
 * in, calls the one function that runs all kernels, and copies the outputs out.
 */

import { moduleFiles } from '@whittle/emit';
import { encodeBase64, type Program, signatureOfPort, weightsChecksum } from '@whittle/kernel';
import { createModel } from './create-model.js';
import { hostObject } from './math-imports.js';
import { programModule } from './program-module.js';

export interface EmitOptions {
  /** The stem of the file names; safe to use as one. */
  readonly stem: string;
  /** Puts the WebAssembly and the weights into the module. */
  readonly inline: boolean;
  /** Whether `run` says when each step begins, for measuring: see `ModelParts` of emit. Default: no. */
  readonly profile?: boolean;
}

/** The emitted files by name. A program without constants has no weights file. */
export function emitWasmModule(
  program: Program,
  { stem, inline, profile = false }: EmitOptions,
): Promise<Map<string, Uint8Array>> {
  const { inputs, outputs, constants } = program;
  const { wasm, checksum, sumsAt, places, math } = programModule(program, { profile });
  return moduleFiles({
    stem,
    inline: inline ? encodeBase64 : undefined,
    inputs,
    outputs: outputs.map(signatureOfPort),
    assets: {
      weights: constants,
      checksum: weightsChecksum(constants),
      wasm: { bytes: wasm, checksum, sumsAt, imports: hostObject(math) },
      memoryBytes: places.bytes,
    },
    model: [createModel(program, places, profile)],
  });
}

/**
 * Writes a GPU program as a standalone WebGPU module: `<stem>.js`, its declarations `<stem>.d.ts` and,
 * unless they go inside, the weights `<stem>.weights.bin`.
 *
 * The module holds the program as tables, which the functions of `host-runtime.ts` walk.
 */

import { type ModuleItem, moduleFiles } from '@whittle/emit';
import { encodeBase64, signatureOfPort, weightsChecksum } from '@whittle/kernel';
import type { GpuProgram } from './gpu-program.js';
import { programTables } from './host-module-tables.js';
import { hostRuntime } from './host-runtime.js';
import { decoderOf, encoderOf } from './host-runtime-words.js';

export interface EmitGpuOptions {
  /** The stem of the file names; safe to use as one. */
  readonly stem: string;
  /** Puts the weights into the module. */
  readonly inline: boolean;
  /** Whether `run` takes `onStep` and waits for each dispatch, for measuring. Default: no. */
  readonly profile?: boolean;
}

/** The emitted files by name. A program without constants has no weights file. */
export function emitGpuModule(
  program: GpuProgram,
  { stem, inline, profile = false }: EmitGpuOptions,
): Promise<Map<string, Uint8Array>> {
  const { inputs, outputs, constants, features = [] } = program;
  const hasFeatures = features.length > 0;
  return moduleFiles({
    stem,
    inline: inline ? encodeBase64 : undefined,
    inputs,
    outputs: outputs.map(signatureOfPort),
    gpu: true,
    assets: { weights: constants, checksum: weightsChecksum(constants), memoryBytes: 0 },
    model: [
      ...programTables(program),
      ...converters(program),
      ...hostRuntime({ profile, hasFeatures, hasSizes: outputs.some(({ sizes }) => sizes) }),
    ],
  });
}

/** The functions that the places of inputs and outputs name. */
function converters({ inputs, outputs }: GpuProgram): readonly ModuleItem[] {
  const needed = new Set([...inputs.map(encoderOf), ...outputs.map(decoderOf)]);
  return [...needed].filter((converter) => converter !== undefined);
}

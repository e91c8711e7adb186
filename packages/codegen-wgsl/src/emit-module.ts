/** Writes a program as a standalone module that runs it on a GPU, by way of its dispatches. */

import type { Program } from '@whittle/kernel';
import { wgslCapabilities } from './capabilities.js';
import { type EmitGpuOptions, emitGpuModule } from './host-module.js';
import { planDispatches } from './plan-dispatches.js';

/** The emitted files by name. A program without constants has no weights file. */
export function emitWgslModule(
  program: Program,
  options: EmitGpuOptions,
): Promise<Map<string, Uint8Array>> {
  const { workgroupSize } = wgslCapabilities.grid;
  return emitGpuModule(planDispatches(program, workgroupSize), options);
}

/**
 * Writes a program as a standalone JavaScript module: `<stem>.js`, its declarations `<stem>.d.ts` and,
 * unless they go inside, the weights `<stem>.weights.bin`.
 *
 * The module has one function for each kernel, and for the large loops inside of one. An instance has one arena, one set of typed arrays over
 * it, and a `run` that copies the feeds in, calls the kernels in order and copies the outputs out.
 */

import { FreshNames, type ModuleItem, moduleFiles, moduleNames, nameOfSize } from '@whittle/emit';
import {
  encodeBase64,
  memoryPlaces,
  type Program,
  signatureOfPort,
  sizeBuffersOf,
  weightsChecksum,
} from '@whittle/kernel';
import { type Callee, createModel } from './create-model.js';
import { printKernel } from './print-kernel.js';
import { runtimeFunctions, runtimeNames } from './runtime.js';
import { heapNames } from './types.js';

export interface EmitOptions {
  /** The stem of the file names; safe to use as one. */
  readonly stem: string;
  /** Puts the weights into the module. */
  readonly inline: boolean;
  /** Whether `run` says when each step begins, for measuring: see `ModelParts` of emit. Default: no. */
  readonly profile?: boolean;
}

/** The emitted files by name. A program without constants has no weights file. */
export function emitJsModule(
  program: Program,
  { stem, inline, profile = false }: EmitOptions,
): Promise<Map<string, Uint8Array>> {
  const { inputs, outputs, constants } = program;
  return moduleFiles({
    stem,
    inline: inline ? encodeBase64 : undefined,
    inputs,
    outputs: outputs.map(signatureOfPort),
    assets: {
      weights: constants,
      checksum: weightsChecksum(constants),
      memoryBytes: memoryPlaces(program).bytes,
    },
    model: modelItems(program, profile),
  });
}

/** The instance, the kernels it calls, and the functions that those call. */
function modelItems(program: Program, profile: boolean): readonly ModuleItem[] {
  const names = new FreshNames([
    ...heapNames,
    ...runtimeNames,
    ...moduleNames,
    ...program.inputs.flatMap((_, i) => [`input${i}`, `feed${i}`]),
    ...program.outputs.flatMap((_, i) => [`output${i}`, `result${i}`, `dims${i}`, `data${i}`]),
    ...sizeBuffersOf(program).map((_, i) => nameOfSize(i)),
  ]);
  const identifiers = new Map(program.kernels.map(({ name }) => [name, names.fresh(name)]));
  const helpers = new Set<string>();
  const callees = new Map<string, Callee>();
  const kernels = program.kernels.flatMap((kernel): ModuleItem[] => {
    const name = identifiers.get(kernel.name) ?? kernel.name;
    const { heaps, params, body, parts } = printKernel(kernel, name, names, (helper) => {
      helpers.add(helper);
      return helper;
    });
    callees.set(kernel.name, { name, heaps });
    return [{ name, params, body }, ...parts].map((one) => ({ kind: 'function', ...one }));
  });
  return [
    createModel(program, callees, profile),
    ...kernels,
    ...runtimeFunctions(helpers).map(
      ({ name, params, body }): ModuleItem => ({ kind: 'function', name, params, body }),
    ),
  ];
}

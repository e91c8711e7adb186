/** The table of targets: what each can do, and how it turns a program into files. */

import { emitJsModule, jsCapabilities } from '@whittle/codegen-js';
import { emitWasmModule, wasmCapabilities } from '@whittle/codegen-wasm';
import { emitWgslModule, wgslCapabilities } from '@whittle/codegen-wgsl';
import { CompilerError } from '@whittle/ir';
import type { Capabilities, Program } from '@whittle/kernel';

interface EmitOptions {
  /** The stem of every file. */
  readonly stem: string;
  /** Whether weights and WebAssembly go into the module instead of files beside it. */
  readonly inline: boolean;
  /** Whether `run` says when each step begins. Default: no. */
  readonly profile?: boolean;
}

/** The files of an emitted module, by name. */
export type Files = Map<string, Uint8Array>;

export interface TargetRecord {
  readonly capabilities: Capabilities;
  readonly emit: (program: Program, options: EmitOptions) => Files | Promise<Files>;
}

const targets = {
  js: { capabilities: jsCapabilities, emit: emitJsModule },
  wasm: { capabilities: wasmCapabilities, emit: emitWasmModule },
  wgsl: { capabilities: wgslCapabilities, emit: emitWgslModule },
} as const satisfies Record<string, TargetRecord>;

export type Target = keyof typeof targets;

export const targetNames: readonly Target[] = Object.keys(targets) as Target[];

/** As what memory holds `float32`. */
export type Precision = 'f32' | 'f16';

/** @throws {CompilerError} `E_INVALID_OPTION` for a name or a precision that no target has. */
export function findTarget(
  name: string,
  precision: string = 'f32',
): TargetRecord & { readonly name: Target } {
  if (!isTarget(name)) {
    throw new CompilerError('E_INVALID_OPTION', `There is no target ${JSON.stringify(name)}.`, {
      hint: `The targets so far: ${targetNames.join(', ')}.`,
    });
  }
  const { capabilities, emit }: TargetRecord = targets[name];
  return { name, capabilities: withPrecision(capabilities, name, precision), emit };
}

function withPrecision(capabilities: Capabilities, name: Target, precision: string): Capabilities {
  if (precision === 'f32') return capabilities;
  const { grid } = capabilities;
  if (precision === 'f16' && grid !== undefined) {
    return { ...capabilities, grid: { ...grid, halves: true } };
  }
  throw new CompilerError(
    'E_INVALID_OPTION',
    `The target ${name} has no precision ${JSON.stringify(precision)}.`,
    { hint: 'The target wgsl has f16 and f32, all others f32.' },
  );
}

function isTarget(name: string): name is Target {
  return Object.hasOwn(targets, name);
}

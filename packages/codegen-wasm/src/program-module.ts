/**
 * A program as one WebAssembly module: a function for each kernel, and `run`, which calls them in
 * order with the addresses of their buffers. The module exports its memory and `run`.
 */

import {
  CompilerError,
  type MemoryPlaces,
  memoryPlaces,
  type Program,
  type Step,
} from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import { func } from './assembler/definitions.js';
import { encodeModule } from './assembler/encode-module.js';
import { callStatement, type Stmt } from './assembler/statements.js';
import type { MathFunction } from './math-imports.js';
import { spellKernel } from './spell-kernel.js';
import { UsedFunctions } from './used-functions.js';

export interface ProgramModule {
  readonly wasm: Uint8Array;
  readonly places: MemoryPlaces;
  /** The functions that the host brings in the module `math`. */
  readonly math: readonly MathFunction[];
}

const pageBytes = 65_536;

export function programModule(program: Program): ProgramModule {
  const places = memoryPlaces(program);
  const functions = new UsedFunctions();
  const kernels = new Map(
    program.kernels.map((kernel) => {
      const spelled = spellKernel({ ...kernel, name: `kernel.${kernel.name}` }, functions);
      return [kernel.name, { spelled, params: kernel.params }] as const;
    }),
  );
  const launch = (step: Step): Stmt => {
    const kernel = kernels.get(step.kernel);
    if (kernel === undefined) throw lacks(`the kernel "${step.kernel}"`);
    const addresses = kernel.params.map(({ dtype }, i) => {
      const argument = step.args[i];
      if (argument === undefined) throw lacks(`argument ${i} of "${step.kernel}"`);
      return i32Const(places.addressOf(argument, dtype));
    });
    return callStatement(kernel.spelled, ...addresses);
  };
  const run = func({ name: 'run', body: program.steps.map(launch) });
  const wasm = encodeModule({
    imports: functions.imports,
    functions: [...[...kernels.values()].map(({ spelled }) => spelled), ...functions.helpers, run],
    memory: { initial: Math.ceil(places.bytes / pageBytes), exportAs: 'memory' },
    exports: { run },
  });
  return { wasm, places, math: functions.math };
}

function lacks(what: string): CompilerError {
  return new CompilerError('E_INTERNAL', `The program lacks ${what}.`);
}

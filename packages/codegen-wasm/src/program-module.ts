/**
 * A program as one WebAssembly module: a function for each kernel, and `run`, which calls them in
 * order with the addresses of their buffers. The module exports its memory and `run` and, where weights
 * are to be prepared, `setup`, to be called once when they lie in the memory; `checksum` of the weights,
 * and `warm`, to be called while they are on their way (`first-turns.ts`). It ends in custom
 * sections: `checksum`, by which whoever loads it knows it, and `sums`, which says where sums of products
 * can be fused.
 */

import {
  CompilerError,
  type Launch,
  launchesIn,
  type MemoryPlaces,
  memoryPlaces,
  type Program,
  type Step,
  weightsChecksum,
} from '@whittle/kernel';
import { i32Const } from './assembler/constants.js';
import { func } from './assembler/definitions.js';
import { encodeWithSums } from './assembler/encode-module.js';
import { callStatement, type Stmt } from './assembler/statements.js';
import { checksumFunction } from './checksum-function.js';
import { withCustomSections } from './custom-sections.js';
import { goesOn, warmFunction } from './first-turns.js';
import { atLowestPlaces } from './lowest-places.js';
import type { MathFunction } from './math-imports.js';
import { spellKernel } from './spell-kernel.js';
import { spellSteps } from './spell-steps.js';
import { UsedFunctions } from './used-functions.js';

export interface ProgramModule {
  readonly wasm: Uint8Array;
  /** The 32-bit word in the section `checksum`, little-endian. */
  readonly checksum: number;
  /** Where in `wasm` the list of sums begins, which goes to the end. Undefined where there are none. */
  readonly sumsAt: number | undefined;
  readonly places: MemoryPlaces;
  /** The functions that the host brings in the module `math`. */
  readonly math: readonly MathFunction[];
}

const pageBytes = 65_536;

export interface ProgramModuleOptions {
  /** Adds the names of functions and locals, for debuggers and disassemblers. Default: no. */
  readonly names?: boolean;
  /** Exports each step by itself as well, as `step0` and so on. Default: no. */
  readonly profile?: boolean;
}

export function programModule(
  given: Program,
  { names = false, profile = false }: ProgramModuleOptions = {},
): ProgramModule {
  const places = memoryPlaces(given);
  const program = atLowestPlaces(given, places);
  const functions = new UsedFunctions();
  const kernels = new Map(
    program.kernels.map((kernel) => {
      const spelled = spellKernel({ ...kernel, name: `kernel.${kernel.name}` }, functions);
      return [kernel.name, { spelled, params: kernel.params }] as const;
    }),
  );
  const launch = (step: Launch): Stmt => {
    const kernel = kernels.get(step.kernel);
    if (kernel === undefined) throw lacks(`the kernel "${step.kernel}"`);
    const addresses = kernel.params.map(({ dtype }, i) => {
      const argument = step.args[i];
      if (argument === undefined) throw lacks(`argument ${i} of "${step.kernel}"`);
      return i32Const(places.addressOf(argument, dtype));
    });
    return callStatement(kernel.spelled, ...addresses);
  };
  const body = (steps: readonly Step[]) => spellSteps(steps, launch, places);
  const run = func({ name: 'run', body: body(program.steps) });
  const setup = func({ name: 'setup', body: program.setup.map(launch) });
  const hasSetup = program.setup.length > 0;
  const launches = [...program.setup, ...launchesIn(program.steps)];
  const uses = new Map(launches.map((step) => [step.kernel, step]));
  const warm = warmFunction(
    program.kernels.flatMap((kernel) => {
      const step = uses.get(kernel.name);
      return step ? [{ kernel, call: launch(step) }] : [];
    }),
  );
  const checksumOfWeights =
    program.constants.length > 0 ? [checksumFunction(program.constants.length)] : [];
  const steps = profile
    ? program.steps.map((step, i) => func({ name: `step${i}`, body: body([step]) }))
    : [];
  const pages = Math.ceil(places.bytes / pageBytes);
  const { bytes: code, sums } = encodeWithSums({
    imports: functions.imports,
    functions: [
      ...[...kernels.values()].map(({ spelled }) => spelled),
      ...functions.helpers,
      run,
      warm,
      ...checksumOfWeights,
      ...(hasSetup ? [setup] : []),
      ...steps,
    ],
    memory: { initial: pages, maximum: pages, exportAs: 'memory' },
    globals: [goesOn],
    exports: {
      run,
      warm,
      ...(hasSetup && { setup }),
      ...Object.fromEntries([...checksumOfWeights, ...steps].map((each) => [each.name, each])),
    },
    names,
  });
  const checksum = weightsChecksum(Uint8Array.from(code));
  const { wasm, sumsAt } = withCustomSections(code, checksum, sums);
  return { wasm, checksum, sumsAt, places, math: functions.math };
}

function lacks(what: string): CompilerError {
  return new CompilerError('E_INTERNAL', `The program lacks ${what}.`);
}

/**
 * WebAssembly adds a constant to an address only if it is not negative; any other one is an addition.
 * A kernel that reads before element 0 of a parameter, as a convolution does whose padding lies there,
 * gets the lowest of these places instead, and counts from it.
 */

import {
  add,
  affineOf,
  expressionsIn,
  exprsOf,
  index,
  type Kernel,
  type Launch,
  launchesIn,
  type MemoryPlaces,
  mapSteps,
  type Program,
  statementsIn,
  withAddresses,
} from '@whittle/kernel';

/** The same program with the arguments of kernels moved, where memory has room before them. */
export function atLowestPlaces(program: Program, { addressOf }: MemoryPlaces): Program {
  const shifts = new Map(program.kernels.map((kernel) => [kernel.name, shiftsOf(kernel)]));
  const params = new Map(program.kernels.map((kernel) => [kernel.name, kernel.params]));
  const moved = (step: Launch): Launch => ({
    ...step,
    args: step.args.map((argument, i) => {
      const name = params.get(step.kernel)?.[i]?.name ?? '';
      const shift = shifts.get(step.kernel)?.get(name) ?? 0;
      return { ...argument, offset: argument.offset - shift };
    }),
  });
  for (const step of [...program.setup, ...launchesIn(program.steps)]) {
    const [dtypes, own] = [params.get(step.kernel) ?? [], shifts.get(step.kernel)];
    moved(step).args.forEach((argument, i) => {
      const param = dtypes[i];
      if (param !== undefined && addressOf(argument, param.dtype) < 0) own?.delete(param.name);
    });
  }
  return {
    ...program,
    setup: program.setup.map(moved),
    steps: mapSteps(program.steps, { launch: moved }),
    kernels: program.kernels.map((kernel) =>
      withAddresses(kernel, (param, position) =>
        add(position, index(shifts.get(kernel.name)?.get(param) ?? 0)),
      ),
    ),
  };
}

/** By how many elements each parameter is to begin earlier. */
function shiftsOf(kernel: Kernel): Map<string, number> {
  const shifts = new Map<string, number>();
  const note = (param: string, constant: number): void => {
    shifts.set(param, Math.max(shifts.get(param) ?? 0, -constant));
  };
  for (const stmt of statementsIn(kernel.body)) {
    if (stmt.kind === 'store') note(stmt.param, affineOf(stmt.index).constant);
    for (const part of exprsOf(stmt).flatMap((expr) => [...expressionsIn(expr)])) {
      if (part.kind === 'load') note(part.param, affineOf(part.index).constant);
    }
  }
  return shifts;
}

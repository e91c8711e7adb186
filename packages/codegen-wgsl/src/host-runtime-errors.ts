/**
 * What an emitted WebGPU module throws for what a device lacks, refuses or has lost: errors with a
 * `code`.
 */

import { defineFunction } from '@whittle/emit';

export const scoped = defineFunction(
  'scoped',
  ['device', 'work', 'Invalid'],
  'Does some work on a device, and throws what the device refuses.',
  `
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const done = (async () => work())();
  const [result, memory, validation] = await Promise.allSettled([
    done,
    device.popErrorScope(),
    device.popErrorScope(),
  ]);
  const error = memory.value ?? validation.value ?? result.reason;
  if (error) {
    const Kind = error === validation.value ? Invalid : undefined;
    throw gpuError("E_GPU_DEVICE", \`The GPU device refuses: \${error.message}\`, error, Kind);
  }
  return result.value;`,
  true,
);

export const failureOf = defineFunction(
  'failureOf',
  ['device', 'state', 'error'],
  'The error to throw for another one, which may come before it is known that the device is lost.',
  `
  await Promise.race([device.lost, device.queue.onSubmittedWorkDone().catch(() => {})]);
  return state.lost ? lostError(state) : error;`,
  true,
);

export const lostError = defineFunction(
  'lostError',
  ['state'],
  undefined,
  `
  const why = state.lost.message || state.lost.reason;
  return gpuError("E_GPU_LOST", \`The GPU device was lost; load the model again. \${why}\`);`,
);

export const gpuError = defineFunction(
  'gpuError',
  ['code', 'message', 'cause', 'Kind'],
  undefined,
  `
  return Object.assign(new (Kind ?? Error)(message, { cause }), { code });`,
);

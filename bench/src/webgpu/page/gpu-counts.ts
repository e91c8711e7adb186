/**
 * What an engine asks of WebGPU, counted at the prototypes of the platform. Counts say more than times
 * where the adapter is software, and are the same on every machine.
 */

export interface GpuCounts {
  readonly dispatches: number;
  /** Of all dispatches, without those whose number only the GPU knows. */
  readonly workgroups: number;
  readonly submits: number;
  /** Buffers mapped to be read or written by the page. */
  readonly mappings: number;
  /** Compute pipelines created. */
  readonly pipelines: number;
}

export const noCounts: GpuCounts = {
  dispatches: 0,
  workgroups: 0,
  submits: 0,
  mappings: 0,
  pipelines: 0,
};

export function differenceOfCounts(after: GpuCounts, before: GpuCounts): GpuCounts {
  return {
    dispatches: after.dispatches - before.dispatches,
    workgroups: after.workgroups - before.workgroups,
    submits: after.submits - before.submits,
    mappings: after.mappings - before.mappings,
    pipelines: after.pipelines - before.pipelines,
  };
}

/** The name of a class of the platform, one of its methods, and what a call with `args` adds. */
type Row = readonly [string, string, (args: readonly unknown[]) => Partial<GpuCounts>];

// biome-ignore format: a table
const rows: readonly Row[] = [
  ['GPUComputePassEncoder', 'dispatchWorkgroups', (args) => ({ dispatches: 1, workgroups: product(args) })],
  ['GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', () => ({ dispatches: 1 })],
  ['GPUQueue', 'submit', () => ({ submits: 1 })],
  ['GPUBuffer', 'mapAsync', () => ({ mappings: 1 })],
  ['GPUDevice', 'createComputePipeline', () => ({ pipelines: 1 })],
  ['GPUDevice', 'createComputePipelineAsync', () => ({ pipelines: 1 })],
];

/**
 * Counts all calls from now on: gives a function that tells how many there were.
 * @param platform the global object, which has the classes.
 * @throws {Error} where a class or a method is missing.
 */
export function countGpuCalls(platform: object): () => GpuCounts {
  let counts = noCounts;
  for (const [className, method, countOf] of rows) {
    const prototype = prototypeOf(platform, className);
    const original: unknown = Reflect.get(prototype, method);
    if (typeof original !== 'function') throw new Error(`${className} has no ${method}.`);
    const counting = function (this: unknown, ...args: unknown[]): unknown {
      counts = sumOfCounts(counts, countOf(args));
      return Reflect.apply(original, this, args);
    };
    Reflect.set(prototype, method, counting);
  }
  return () => counts;
}

/** The devices that adapters gave, the last one last: engines do not hand theirs out. */
export function collectDevices(platform: object): readonly object[] {
  const devices: object[] = [];
  const prototype = prototypeOf(platform, 'GPUAdapter');
  const original: unknown = Reflect.get(prototype, 'requestDevice');
  if (typeof original !== 'function') throw new Error('GPUAdapter has no requestDevice.');
  Reflect.set(prototype, 'requestDevice', async function (this: unknown, ...args: unknown[]) {
    const device: unknown = await Reflect.apply(original, this, args);
    if (typeof device === 'object' && device !== null) devices.push(device);
    return device;
  });
  return devices;
}

function prototypeOf(platform: object, className: string): object {
  const found: unknown = Reflect.get(platform, className);
  if (typeof found === 'function') return found.prototype;
  throw new Error(`There is no WebGPU here: ${className} is missing.`);
}

function sumOfCounts(counts: GpuCounts, more: Partial<GpuCounts>): GpuCounts {
  return differenceOfCounts(counts, differenceOfCounts(noCounts, { ...noCounts, ...more }));
}

/** Workgroups in x, y and z, of which the latter two are 1 where they are left out. */
function product(args: readonly unknown[]): number {
  return args.reduce<number>((total, count) => total * Number(count), 1);
}

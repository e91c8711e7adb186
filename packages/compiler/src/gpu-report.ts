/** What a run asks of a GPU, as far as it is known before there is one. */

import { planDispatches, wgslCapabilities } from '@whittle/codegen-wgsl';
import { launchesIn, type Program } from '@whittle/kernel';
import { type GpuTraffic, gpuTraffic } from './gpu-traffic.js';

export interface GpuReport {
  /** Of one run; what the setup dispatches, once, is not among them. */
  readonly dispatches: number;
  /** Pipelines that `load` makes; dispatches may share them. */
  readonly shaders: number;
  /** Of all dispatches of a run. */
  readonly workgroups: number;
  /** The steps of the fewest workgroups, which keep the least of a device busy; the fewest come first. */
  readonly narrowest: readonly NarrowStep[];
  readonly traffic: GpuTraffic;
  /** Bytes of each buffer of the arena. */
  readonly banks: readonly number[];
  /** What `maxStorageBufferBindingSize` has to allow. */
  readonly largestBindingBytes: number;
}

export interface NarrowStep {
  /** Its number in a run. */
  readonly step: number;
  readonly kernel: string;
  /** The node that it came from. */
  readonly label: string;
  readonly workgroups: number;
}

/** How many steps the report names. */
const narrowestSteps = 5;

export function reportOnGpu(program: Program): GpuReport {
  const { shaders, setup, dispatches, banks } = planDispatches(
    program,
    wgslCapabilities.grid.workgroupSize,
  );
  const steps = launchesIn(program.steps).map(({ kernel, label }, step): NarrowStep => {
    const [x, y, z] = dispatches[step]?.workgroups ?? [0, 0, 0];
    return { step, kernel, label, workgroups: x * y * z };
  });
  const bindings = [...setup, ...dispatches].flatMap((dispatch) => dispatch.bindings);
  return {
    dispatches: dispatches.length,
    shaders: shaders.length,
    workgroups: steps.reduce((sum, { workgroups }) => sum + workgroups, 0),
    narrowest: [...steps].sort((a, b) => a.workgroups - b.workgroups).slice(0, narrowestSteps),
    traffic: gpuTraffic(program),
    banks,
    largestBindingBytes: bindings.reduce((most, { byteLength }) => Math.max(most, byteLength), 0),
  };
}

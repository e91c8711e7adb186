/**
 * The part of an emitted WebGPU module that is the same for every model: it opens a device, compiles the
 * shaders, and makes instances that run. It is source text that ships, kept short; what differs between
 * models is in the tables of `host-module-tables.ts`.
 *
 * Nothing here falls back silently: what a device lacks or refuses is an error with a code.
 *
 * Numbers of the platform stand as such, since its globals are not there in Node: usages are
 * 1 MAP_READ, 4 COPY_SRC, 8 COPY_DST, 128 STORAGE; 1 is the mode READ of a mapping, 4 the stage COMPUTE.
 */

import type { ModuleItem } from '@whittle/emit';
import { failureOf, gpuError, lostError, scoped } from './host-runtime-errors.js';
import {
  allocate,
  bindSteps,
  checkFeatures,
  checkLimits,
  compile,
  openModel,
  requestDevice,
  stateOf,
  states,
  upload,
} from './host-runtime-open.js';
import { bufferOf, createModel, dispatch, wordsOf } from './host-runtime-run.js';

/** What a module is for, and what it asks of a device. */
export interface HostOptions {
  /** Whether `run` says when each step begins. */
  readonly profile: boolean;
  /** Whether there is a table of features, which only shaders over halves ask for. */
  readonly hasFeatures: boolean;
  /** Whether there are tables of sizes, of outputs whose size only a run tells. */
  readonly hasSizes: boolean;
}

/** The items that every module has. */
export function hostRuntime({
  profile,
  hasFeatures,
  hasSizes,
}: HostOptions): readonly ModuleItem[] {
  return [
    openModel(hasFeatures),
    requestDevice(hasFeatures),
    checkLimits,
    ...(hasFeatures ? [checkFeatures] : []),
    states,
    stateOf,
    compile,
    allocate,
    upload,
    bindSteps,
    dispatch,
    createModel({ profile, hasHalves: hasFeatures, hasSizes }),
    bufferOf(hasSizes),
    wordsOf(hasFeatures),
    scoped,
    failureOf,
    lostError,
    gpuError,
  ];
}

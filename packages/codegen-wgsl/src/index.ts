export { wgslCapabilities } from './capabilities.js';
export { emitWgslModule } from './emit-module.js';
export type { Dispatch, GpuPort, GpuProgram, Range, Shader } from './gpu-program.js';
export { planDispatches } from './plan-dispatches.js';

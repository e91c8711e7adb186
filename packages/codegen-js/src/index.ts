export { jsCapabilities } from './capabilities.js';
export { type EmitOptions, emitJsModule } from './emit-module.js';
export { type PrintedKernel, printKernel } from './print-kernel.js';

export * from './block.js';
export * from './codegen-support.js';
export * from './expr.js';
export { type ErfCoefficients, erf, erfCoefficients } from './interpret/erf.js';
export { interpretProgram, type TensorData } from './interpret/interpret-program.js';
export { compileKernel, type KernelArgument, runKernel } from './interpret/run-kernel.js';
export { withinSizes } from './interpret/true-sizes.js';
export {
  type Gathering,
  gatheringOf,
  type LaneTypes,
  laneTypesOf,
  narrowLoadOf,
  narrowValueOf,
  rampOf,
  varies,
} from './lanes.js';
export * from './loop-ir.js';
export * from './lower/lower-graph.js';
export * from './lower/rule.js';
export { bankOf } from './memory/bank-of.js';
export { type MemoryPlaces, memoryPlaces } from './memory/memory-places.js';
export { type WordType, wordTypeOf } from './memory/word-type.js';
export { affineOf, exprOfAffine } from './optimize/affine.js';
export { hoistInvariants } from './optimize/hoist-invariants.js';
export { type LoopPass, loopPasses, optimizeKernel } from './optimize/optimize-kernel.js';
export { type Range, type Ranges, rangeOf, rangeOfLoop } from './optimize/range.js';
export * from './program.js';
export * from './schedule/capabilities.js';
export { launchesIn, mapSteps, numbered } from './steps.js';
export { parseKernel } from './text/parse-kernel.js';
export { parseProgram } from './text/parse-program.js';
export { printKernel } from './text/print-kernel.js';
export { type PrintProgramOptions, printProgram } from './text/print-program.js';
export * from './traverse.js';
export { verifyKernel } from './verify-kernel.js';
export { verifyProgram } from './verify-program.js';
export * from './view.js';
export { weightsChecksum } from './weights-checksum.js';
export { withAddresses } from './with-addresses.js';

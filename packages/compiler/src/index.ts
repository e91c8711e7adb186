/** The public library: ONNX bytes to files, reports and verdicts. It touches no file and no clock of its own. */

export { peakFlops, peakModule } from '@whittle/codegen-wasm';
export { safeStem } from '@whittle/emit';
export {
  CompilerError,
  type ConvKind,
  type ErrorCode,
  errorCodes,
  type Measure,
  type PassTiming,
  type Policy,
} from '@whittle/ir';
export type { TensorData } from '@whittle/kernel';
export { type ExternalData, type ExternalDataResolver, readTensor } from '@whittle/onnx';
export { allPasses, type OptimizationLevel, pipelines } from '@whittle/passes';
export { compareTensors, type TensorComparison, type Tolerance } from './compare-tensors.js';
export { type Compilation, compile } from './compile.js';
export type { CompileReport, ProgramSummary, StepReport } from './compile-report.js';
export type { ConvolutionReport } from './explain-convolutions.js';
export type { DecidedNode, DecisionReport } from './explain-decisions.js';
export type { NodeDifference } from './find-difference.js';
export type { GpuReport, NarrowStep } from './gpu-report.js';
export { type GpuTraffic, gpuTraffic } from './gpu-traffic.js';
export { type Inspection, inspect, type NodeReport } from './inspect.js';
export { type OptimizeOptions, optimize } from './optimize.js';
export type { OptimizedModel, OptimizeReport } from './optimize-report.js';
export type { CompileOptions, ModelOptions, Stage } from './options.js';
export type { Quantity } from './quantity.js';
export { randomTensor } from './random-tensor.js';
export { interpreterReference, type Reference, type Tensors } from './reference.js';
export type { StageTiming } from './stage-log.js';
export type { GraphSummary } from './summarize-graph.js';
export { type Files, type Precision, type Target, targetNames } from './targets.js';
export { tensorData, tensorNumbers } from './tensor-data.js';
export type { TensorSignature } from './tensor-signature.js';
export {
  defaultTolerances,
  halfTolerance,
  type OutputComparison,
  type RunnableModel,
  type Verification,
  type VerifyOptions,
  verify,
} from './verify.js';

export {
  type Constant,
  f32Const,
  f32ConstOfBits,
  f64Const,
  f64ConstOfBits,
  i32Const,
  i64Const,
  v128Const,
} from './assembler/constants.js';
export {
  type DataSegment,
  type Func,
  func,
  global,
  type ImportedFunc,
  importFunc,
  type Memory,
  type ModuleDefinition,
} from './assembler/definitions.js';
export { encodeModule } from './assembler/encode-module.js';
export type { Callee, Expr, Global, Local, MemoryArgument } from './assembler/expr.js';
export {
  call,
  globalGet,
  laneOp,
  load,
  loadLane,
  local,
  localGet,
  localTee,
  op,
  select,
  shuffle,
} from './assembler/expressions.js';
export {
  block,
  br,
  brIf,
  bulk,
  callStatement,
  drop,
  globalSet,
  ifElse,
  type Label,
  label,
  localSet,
  loop,
  returns,
  type Stmt,
  store,
  storeLane,
  unreachable,
} from './assembler/statements.js';
export type { FunctionType, ValueType } from './assembler/value-type.js';
export { wasmCapabilities } from './capabilities.js';
export { type EmitOptions, emitWasmModule } from './emit-module.js';
export type { MathFunction } from './math-imports.js';
export { peakFlops, peakModule } from './peak-loop.js';
export { type ProgramModule, programModule } from './program-module.js';

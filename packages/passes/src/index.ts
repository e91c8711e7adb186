export * from './all-passes.js';
export { compositeOps } from './decompose-composites.js';
export { sequenceOps } from './fold-sequences.js';
export * from './pipelines.js';

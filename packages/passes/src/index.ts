export * from './all-passes.js';
export * from './pipelines.js';

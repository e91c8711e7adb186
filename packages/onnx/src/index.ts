export * from './export-onnx.js';
export * from './expose-values.js';
export * from './import-onnx.js';
export * from './import-options.js';
export * from './limits.js';
export * from './model-summary.js';
export * from './read-tensor.js';

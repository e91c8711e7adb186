export type { ExternalData, ExternalDataResolver } from './external-data.js';
export * from './import-onnx.js';
export * from './limits.js';

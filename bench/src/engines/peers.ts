/** The engines to compare with, by the names that the command takes. */

import type { EngineFactory } from './engine.js';
import { onnxruntimeNode, onnxruntimeWeb } from './onnxruntime.js';
import { tfjsEngine } from './tfjs.js';

export const peers: ReadonlyMap<string, EngineFactory> = new Map([
  ['tfjs', tfjsEngine('tfjs', { pointwise: 'conv2d' })],
  ['tfjs-matmul', tfjsEngine('tfjs-matmul', { pointwise: 'matMul' })],
  ['ort-node', onnxruntimeNode],
  ['ort-web', onnxruntimeWeb],
]);

/**
 * The engines, by the names that the command takes, as one table. An engine that is not there, or
 * refuses a model, is left out of that comparison with its reason.
 */

import { targetNames } from '@whittle/compiler';

import type { EngineFactory } from './engine.js';
import { jaxEngine } from './jax.js';
import { onnxruntimeNode, onnxruntimeWeb } from './onnxruntime.js';
import { tfjsEngine } from './tfjs.js';
import { whittleEngine } from './whittle.js';

export interface EngineRecord {
  readonly id: string;
  readonly start: EngineFactory;
  /** Whether it takes part without being asked for. */
  readonly isDefault: boolean;
}

/** Those of the targets that the compiler has; the others are compared with the first. */
export const whittleEngines: readonly EngineRecord[] = (['wasm', 'js'] as const)
  .filter((target) => targetNames.some((name) => name === target))
  .map((target) => ({ id: `whittle-${target}`, start: whittleEngine(target), isDefault: true }));

// biome-ignore format: a table
export const peers: readonly EngineRecord[] = [
  { id: 'ort-web', start: onnxruntimeWeb, isDefault: true },
  { id: 'ort-node', start: onnxruntimeNode, isDefault: true },
  { id: 'tfjs-wasm', start: tfjsEngine({ backend: 'wasm', pointwise: 'conv2d' }), isDefault: true },
  { id: 'tfjs-cpu', start: tfjsEngine({ backend: 'cpu', pointwise: 'conv2d' }), isDefault: false },
  { id: 'tfjs-cpu-matmul', start: tfjsEngine({ backend: 'cpu', pointwise: 'matMul' }), isDefault: false },
  { id: 'jax', start: jaxEngine, isDefault: false },
];

/** The exported `load` of a module: gets the bytes that the module needs and makes an instance. */

import type { ModuleFunction } from './es-module.js';

export interface LoadParts {
  /** Whether the model runs on WebGPU, without a memory. */
  readonly gpu: boolean;
  /** The call that gives a promise of the exports of WebAssembly; none where there is none. */
  readonly instantiate: string | undefined;
  /** Bytes of the memory that an instance has without WebAssembly, which brings its own. */
  readonly memoryBytes: number;
  readonly weights: LoadedWeights | undefined;
}

interface LoadedWeights {
  /** An expression: what `load` was given, or where the weights are. */
  readonly source: string;
  /** They lie at the start of the memory. */
  readonly length: number;
  readonly checksum: number;
}

/**
 * `createModel` takes the exports or, without WebAssembly, the memory. For WebGPU, `openModel` takes the
 * device, if one was given, and a promise of the weights, if there are any.
 */
export function loadFunction(parts: LoadParts): ModuleFunction {
  const lines = loadLines(parts);
  return {
    kind: 'function',
    name: 'load',
    params: [{ name: 'options', initializer: '{}' }],
    body: lines.map((line) => `  ${line}\n`).join(''),
    doc: 'Makes an instance of the model. Instances share nothing.',
    exported: true,
    async: true,
  };
}

function loadLines(parts: LoadParts): readonly string[] {
  if (parts.gpu) return gpuLoad(parts);
  return parts.instantiate === undefined ? plainLoad(parts) : wasmLoad(parts);
}

/** The weights come while a device is asked for and shaders are compiled. */
function gpuLoad({ weights }: LoadParts): readonly string[] {
  if (weights === undefined) return ['return openModel(options.device);'];
  return [
    'const readWeights = async () => {',
    `  const weights = new Uint8Array(${weights.length});`,
    `  await fill(weights, await request("weights", ${weights.source}));`,
    `  checkWeights(await checksumInTurns(weights), ${weights.checksum});`,
    '  return weights;',
    '};',
    'return openModel(options.device, readWeights());',
  ];
}

function plainLoad({ memoryBytes, weights }: LoadParts): readonly string[] {
  const filled = weights && [
    `const weights = new Uint8Array(memory, 0, ${weights.length});`,
    `await fill(weights, await request("weights", ${weights.source}));`,
    `checkWeights(checksumOf(weights), ${weights.checksum});`,
  ];
  return [
    `const memory = new ArrayBuffer(${memoryBytes});`,
    ...(filled ?? []),
    'return createModel(memory);',
  ];
}

/** Kernels are warmed up while the weights are on their way. */
function wasmLoad({ instantiate, weights }: LoadParts): readonly string[] {
  if (weights === undefined) {
    return [
      `const exports = await ${instantiate};`,
      'exports.warm();',
      'return createModel(exports);',
    ];
  }
  return [
    'const [exports, found] = await Promise.all([',
    `  ${instantiate},`,
    `  request("weights", ${weights.source}),`,
    ']);',
    `const weights = new Uint8Array(exports.memory.buffer, 0, ${weights.length});`,
    'await fill(weights, found, exports.warm);',
    `checkWeights(exports.checksum(), ${weights.checksum});`,
    'return createModel(exports);',
  ];
}

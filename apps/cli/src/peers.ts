/** What `whittle bench` can compare with, by name: other engines on one thread, where they are installed. */

import { CompilerError, type Tensors } from '@whittle/compiler';
import type { Runner } from './interleave.js';
import { importOrt, ortFeeds } from './onnxruntime-package.js';

const packages = { 'ort-web': 'onnxruntime-web', 'ort-node': 'onnxruntime-node' } as const;

export type PeerName = keyof typeof packages;

/** @throws {CompilerError} `E_INVALID_OPTION` for a name that no peer has. */
export function checkPeers(names: readonly string[]): readonly PeerName[] {
  return names.map((name) => {
    if (isPeer(name)) return name;
    throw new CompilerError('E_INVALID_OPTION', `There is no engine ${JSON.stringify(name)}.`, {
      hint: `Those that --against takes are ${Object.keys(packages).join(' and ')}.`,
    });
  });
}

function isPeer(name: string): name is PeerName {
  return Object.hasOwn(packages, name);
}

export interface Peer extends Runner {
  readonly name: PeerName;
  dispose(): Promise<void>;
}

/** The engine with the model loaded, its own optimisations on; or why there is none. */
export async function startPeer(
  name: PeerName,
  model: Uint8Array,
  feeds: Tensors,
): Promise<Peer | { readonly unavailable: string }> {
  const ort = await importOrt(packages[name]);
  if (ort === undefined) return { unavailable: `${packages[name]} is not installed` };
  // More threads would be workers of Node.
  if (ort.env.wasm !== undefined) ort.env.wasm.numThreads = 1;
  try {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: [name === 'ort-web' ? 'wasm' : 'cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    const given = ortFeeds(ort, feeds);
    await session.run(given);
    return { name, run: () => session.run(given), dispose: async () => session.release?.() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { unavailable: `it cannot run the model: ${reason}` };
  }
}

/** The loop that shows what the machine reaches, as one more thing to time. */

import { peakModule } from '@whittle/compiler';

import type { Runner } from './interleave.js';

export function peakLoop(): Runner {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(peakModule()));
  const { run } = instance.exports;
  if (typeof run !== 'function') throw new Error('The module exports no run.');
  return { run: () => run() };
}

/**
 * The engine's settings for a process that compiles once and ends: memory counts, and what an optimising
 * compiler gains in a second is less than what it costs. Measured on MobileNetV2 (14 MB of weights, Node
 * 20): 117 MB without, 99 MB with them, and no more CPU time.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 complains on stderr about flags that it does not know; these are the versions that know them. */
const isKnownEngine = /^1[123]\./.test(process.versions.v8);

/** Keeps the young generation small and lets functions warm up for longer. */
export function tuneForCompiling(): void {
  if (!isKnownEngine) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--interrupt-budget=4000000');
}

/** For what follows a compilation: emitted modules, whose loops are worth every optimisation. */
export function tuneForRunning(): void {
  if (isKnownEngine) setFlagsFromString('--interrupt-budget=135168');
}

let collect: (() => void) | undefined;

/** Frees the weights that the last stage left, which the engine does not count as urgent. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}

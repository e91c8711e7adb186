import { it } from 'vitest';
import { compile } from '../src/index.js';
import { runOnnxruntime } from './support/onnxruntime.js';
import { imageFor } from './support/models.js';
import { gpuModels } from './support/webgpu-models.js';

it('feeds', async () => {
  const m = gpuModels(undefined).find((x) => x.id === 'pp-ocr-detection')!;
  const bytes = m.bytes();
  for (const n of [32, 64, 96]) for (const bar of [2, 4]) {
    const dims = [1, 3, n, n];
    const data = Float32Array.from({ length: 3 * n * n }, (_, i) => { const x = i % n, y = Math.floor(i / n) % n; return (y >> 3) % 3 === 1 && (x >> (bar / 2)) % 2 === 0 && x > 4 && x < n - 4 ? -2 : 2; });
    for (const [w, d] of [['bars', data], ['image', imageFor(dims).data], ['image3', imageFor(dims).data.map((v) => 3 * v)]] as const) {
      const expected = await runOnnxruntime(bytes, { x: { dtype: 'float32', dims, data: d } });
      console.log(n, bar, w, Object.values(expected).map((v) => Math.max(...(v as Float32Array))));
    }
  }
});
for (const fuse of ['auto', 'all'] as const) for (const size of [32, 64, 224]) it(`shuffle ${fuse} ${size}`, async () => {
  const { exportOnnx } = await import('@whittle/onnx');
  const { findModel } = await import('@whittle/zoo');
  try { await compile(exportOnnx(findModel('shufflenet-v2').build({ size })), { target: 'wgsl', fuse }); console.log('fine', fuse, size); } catch (e) { console.log(fuse, size, String(e), JSON.stringify((e as any).where)); }
});

import { it } from 'vitest';
import { parseKernel, optimizeKernel, compileKernel } from '/work/main/packages/kernel/src/index.js';
it('speed', () => {
  const k = parseKernel(`kernel conv(x: f32 read arena, w: f32 read constants, y: f32 write arena) {
    for d in 0..196 { for o in 0..64 { local acc: f32 = 0.0; for k in 0..64 { acc = acc + x[d * 64 + k] * w[k * 64 + o]; } y[d * 64 + o] = acc; } } }`);
  for (let r=0;r<3;r++) for (const kk of [k, optimizeKernel(k)]) { const args = [{data: new Float32Array(196*64).fill(.3)},{data:new Float32Array(64*64).fill(.7)},{data:new Float32Array(196*64)}];
  const f = compileKernel(kk); const t0 = process.cpuUsage(); f(args); const t = process.cpuUsage(t0); console.log('cpu ns per mac', (t.user+t.system)*1e3/(196*64*64)); }
});

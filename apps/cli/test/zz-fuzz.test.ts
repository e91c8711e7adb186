import { it } from 'vitest';
import { models } from './support/models.js';
import { scratch } from './support/scratch.js';
import { whittle } from './support/whittle.js';
it('fuzz', async () => {
  const { write, path } = scratch();
  const good = models.small();
  const codes: Record<string, number> = {};
  let seed = 1; const rnd = (n: number) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor(seed / 2**32 * n); };
  for (let i = 0; i < 600; i++) {
    const b = good.slice(); const k = 1 + rnd(3);
    for (let j = 0; j < k; j++) b[rnd(b.length)] = rnd(256);
    const m = write('m.onnx', b);
    const t = performance.now();
    const r = await whittle(['inspect', m]);
    const r2 = i % 4 === 0 ? await whittle(['compile', m, '-o', path('o')]) : r;
    for (const x of [r, r2]) { codes[x.code] = (codes[x.code] ?? 0) + 1; if (x.code >= 70 || x.code === 1) console.log(x.stderr.slice(0, 600)); }
    if (performance.now() - t > 3000) console.log('slow', i, performance.now() - t);
  }
  console.log(codes);
}, 600000);

import { execSync } from 'node:child_process';
import { readFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import * as ort from 'onnxruntime-node';
import { findOp, CompilerError, typedArrayOf } from '@whittle/ir';
import { importOnnx, exportOnnx } from '../src/index.js';
import { tensorFromProto } from '../src/tensor-proto.js';
import { onnx } from './onnx-models.js';
async function run(bytes: Uint8Array, feeds: any) {
  const s = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1, logSeverityLevel: 4 });
  const r = await s.run(feeds); await s.release(); return r;
}
test('try', async () => {
  const files = execSync('find /usr/share/libonnx-testdata/data -name "*.onnx"').toString().trim().split('\n');
  let ok = 0, compared = 0, same = 0; const fails = new Map<string, string[]>(); let unt = 0;
  const note = (key: string, file: string) => fails.set(key, [...(fails.get(key) ?? []), file.split('/').slice(-2)[0] ?? '']);
  for (const file of files) {
    let g; const bytes = new Uint8Array(readFileSync(file));
    try { g = importOnnx(bytes); ok++; if (g.outputs.some((o) => !o.value.type)) unt++; }
    catch (e) { note(e instanceof CompilerError ? `import ${e.code} ${e.message}` : (e as any).stack.slice(0, 400), file); continue; }
    const feeds: any = {}; let skip = false;
    const names = g.inputs.map((i) => i.name);
    names.forEach((name, k) => { try {
      const pb = join(dirname(file), 'test_data_set_0', `input_${k}.pb`);
      if (!existsSync(pb)) { skip = true; return; }
      const t = tensorFromProto(onnx.TensorProto.decode(new Uint8Array(readFileSync(pb))), { externalData: undefined, onWarning() {} });
      if (t.dtype === 'string') { feeds[name] = new ort.Tensor('string', t.strings as any, t.dims); return; }
      feeds[name] = new ort.Tensor(t.dtype as any, typedArrayOf(t) as any, t.dims);
    } catch { skip = true; } });
    if (skip) continue;
    let a; try { a = await run(bytes, feeds); } catch { continue; }
    for (const opts of [{ opset: 7 }, { opset: 9 }, { opset: 11 }, { opset: 13 }, { opset: 18 }]) {
      compared++;
      try {
        const b = await run(exportOnnx(g, opts), feeds);
        let worst = 0, bad = '';
        for (const k of Object.keys(a)) { const x = a[k]!, y = b[k]!; if (String(x.dims) !== String(y.dims) || x.type !== y.type) bad = `${x.dims} ${y.dims} ${x.type} ${y.type}`; const xd = x.data as any, yd = y.data as any; for (let i = 0; i < xd.length; i++) if (xd[i] !== yd[i] && !(Number.isNaN(xd[i]) && Number.isNaN(yd[i]))) worst = Math.max(worst, typeof xd[i] === 'string' ? 1 : Math.abs(Number(xd[i]) - Number(yd[i])) / Math.max(1, Math.abs(Number(xd[i])))); }
        if (bad || worst > 1e-5) note(`${JSON.stringify(opts)} differ ${bad} ${worst > 1e-5}`, file); else same++;
      } catch (e) { if ((e as any).code === 'E_INVALID_OPTION') { same++; continue; } note(`${JSON.stringify(opts)} ${String(e).slice(0, 160)}`, file); }
    }
  }
  console.log(files.length, ok, 'untyped outputs', unt, 'compared', compared, same);
  for (const [k, v] of fails) console.log(v.length, k, v.slice(0, 4).join(' '));
}, 600000);

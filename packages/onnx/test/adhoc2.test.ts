import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CompilerError, findOp } from '@whittle/ir';
import { test } from 'vitest';
import { importOnnx } from '../src/index.js';

test('try', () => {
  const files = execSync('find /usr/share/libonnx-testdata/data -name "*.onnx"')
    .toString()
    .trim()
    .split('\n');
  let ok = 0;
  const fails = new Map<string, string[]>();
  const unknown = new Map<string, number>();
  let unt = 0;
  for (const file of files) {
    try {
      const g = importOnnx(new Uint8Array(readFileSync(file)));
      ok++;
      for (const n of g.nodes) if (!findOp(n.op)) unknown.set(n.op, (unknown.get(n.op) ?? 0) + 1);
      if (g.outputs.some((o) => !o.value.type)) unt++;
    } catch (e) {
      const key =
        e instanceof CompilerError ? `${e.code} ${e.message}` : (e as any).stack.slice(0, 400);
      fails.set(key, [...(fails.get(key) ?? []), file.split('/').slice(-2)[0] ?? '']);
    }
  }
  console.log(files.length, ok, 'untyped outputs', unt);
  for (const [k, v] of fails) console.log(v.length, k, v.slice(0, 3).join(' '));
  console.log([...unknown].map(([k, n]) => `${k}:${n}`).join(' '));
});

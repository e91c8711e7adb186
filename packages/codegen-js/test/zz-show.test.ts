import { loadModel } from './load-module.js';
import { it, expect } from 'vitest';
import { GraphBuilder, seededTensor } from '@whittle/ir';
import { lowerGraph, verifyProgram, interpretProgram, printProgram } from '@whittle/kernel';
import { emitJsModule, jsCapabilities } from '/work/main/packages/codegen-js/src/index.js';
it('shows', async () => {
  const g = new GraphBuilder('g');
  const x = g.input('x', 'float32', [1, 8, 10, 10]);
  const w = g.constant(seededTensor('float32', [16, 8, 3, 3], 1));
  const y = g.op('Conv', [x, w], { pads: [1,1,1,1], strides: [2,2] });
  const z = g.op('Relu', [y]);
  g.output('z', z);
  const p = lowerGraph(g.build(), jsCapabilities);
  const m = await emitJsModule(p, {stem: 'a', inline: false});
  verifyProgram(p);
 const xs = seededTensor('float32',[1,8,10,10],3); const data = new Float32Array(xs.bytes.buffer); const feeds={x:{dtype:'float32' as const,dims:[1,8,10,10],data}}; const want=interpretProgram(p,feeds); const got=(await loadModel(m)).run(feeds); expect(got).toEqual(want); console.log(printProgram(p));
  if (0) console.log(Buffer.from(m.get('a.js')!).toString());
});

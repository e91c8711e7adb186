import { it } from 'vitest';
import { GraphBuilder, seededTensor } from '@whittle/ir';
import { lowerGraph } from '@whittle/kernel';
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
  console.log(Buffer.from(m.get('a.js')!).toString());
});

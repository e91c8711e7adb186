import { it } from 'vitest';
import { GraphBuilder } from '@whittle/ir';
import { lowerGraph } from '@whittle/kernel';
import { f32, fixed, graphOf, ints, opCase, i64 } from '../../kernel/test/op-cases/op-case.js';
import { emitJsModule, jsCapabilities } from '../src/index.js';
const show = async (c: any, s: any) => {
  const p = lowerGraph(graphOf(c, s), jsCapabilities);
  const files = await emitJsModule(p, { stem: 'case', inline: false });
  for (const [n, b] of files) if (n.endsWith('.js')) {
    const t = new TextDecoder().decode(b);
    const parts = t.split(/\n(?=function )/).filter((x) => /^function \w+\((f32|i64|u8|i32)/.test(x));
    console.log('// ' + c.name + '\n' + parts.join('\n'));
  }
};
it('x', async () => {
  await show(opCase('MaxPool', [f32([1, 16, 8, 8])], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }), 'channels-last');
  await show(opCase('AveragePool', [f32([1, 16, 8, 8])], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }), 'alone');
  await show(opCase('GlobalAveragePool', [f32([1, 17, 8, 8])]), 'channels-last');
  await show(opCase('Softmax', [f32([1, 100])]), 'alone');
  await show(opCase('Pad', [f32([1, 16, 8, 8]), ints(0,0,1,1,0,0,1,1)]), 'alone');
  await show(opCase('Resize', [f32([1, 16, 8, 8]),undefined,fixed(f32([4],[1,1,2,2]))], {mode:'linear'}), 'channels-last');
  await show(opCase('Gather', [f32([5, 8]),i64([4])], {}), 'alone');
  await show(opCase('ConvTranspose', [f32([1, 16, 8, 8]),fixed(f32([16,8,4,4]))], {strides:[2,2],pads:[1,1,1,1]}), 'alone');
});

/** Runs the example of docs/graph-builder.md and compares what it prints with what the page says. */

import { readFileSync } from 'node:fs';
import * as ir from '@whittle/ir';
import * as onnx from '@whittle/onnx';
import { expect, it } from 'vitest';
import * as compiler from '../src/index.js';

const page = readFileSync(new URL('../../../docs/graph-builder.md', import.meta.url), 'utf8');
const modules = { '@whittle/compiler': compiler, '@whittle/ir': ir, '@whittle/onnx': onnx };

it('docs/graph-builder.md prints what it says', async () => {
  const [, code = '', printed] = /^```js\n(.*?)^```$.*?^```\n(.*?)^```$/ms.exec(page) ?? [];
  expect(await linesPrintedBy(code)).toBe(printed);
});

it('docs/graph-builder.md quotes an error as it is', () => {
  const builder = new ir.GraphBuilder('error');
  const x = builder.input('x', 'float32', [1, 8, 8, 4]);
  const filter = builder.constant(ir.seededTensor('float32', [4, 1, 3, 3], 1));
  expect(() => builder.depthwiseConv2d(x, filter)).toThrow(
    expect.objectContaining({
      message: /^depthwiseConv2d has .*$/m.exec(page)?.[0],
      hint: /^hint: (.*)$/m.exec(page)?.[1],
    }),
  );
});

/** The imports become look-ups, so that the example runs on the sources as every test does. */
async function linesPrintedBy(code: string): Promise<string> {
  const body = code.replace(
    /^import (\{.*?\}) from '(.*?)';$/gm,
    (_, names, from) => `const ${names} = modules['${from}'];`,
  );
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  let text = '';
  const log = (line: string) => {
    text += `${line}\n`;
  };
  await new AsyncFunction('modules', 'console', body)(modules, { log });
  return text;
}

import { GraphBuilder, tensorOf } from '@whittle/ir';
import { exportOnnx } from '@whittle/onnx';
import { findModel } from '@whittle/zoo';
import { expect, it } from 'vitest';

import { countNodes } from '../src/harness/count-nodes.ts';

it('counts the nodes of a graph', () => {
  // MobileNetV2 as published: 52 convolutions, normalized; 35 with ReLU6; 10 sums; pool, flatten, Gemm.
  expect(countNodes(exportOnnx(findModel('mobilenet-v2').build({ size: 32 })))).toBe(
    52 + 52 + 35 + 10 + 3,
  );
});

it('counts what branches hold', () => {
  const builder = new GraphBuilder('outer');
  const x = builder.input('x', 'float32', [4]);
  const branch = (op: string, times: number) => {
    const inner = new GraphBuilder(op, builder);
    let y = x;
    for (let i = 0; i < times; i++) y = inner.op(op, [y]);
    inner.output('y', y);
    return inner.build();
  };
  const condition = builder.constant(tensorOf('bool', [], [1]));
  const regions = { then_branch: branch('Neg', 2), else_branch: branch('Abs', 3) };
  builder.output('y', builder.op('If', [condition], {}, { regions }));
  expect(countNodes(exportOnnx(builder.build()))).toBe(1 + 2 + 3);
});

it('counts what functions hold, and every message once', () => {
  const message = (field: number, ...content: number[]) => [
    field * 8 + 2,
    content.length,
    ...content,
  ];
  const long = (field: number, ...content: number[]) => [
    ((field * 8 + 2) & 127) | 128,
    (field * 8 + 2) >> 7,
    content.length,
    ...content,
  ];
  const name = message(3, 0x41);
  const graph = message(7, ...message(1, ...name), ...message(1, ...name));
  const body = long(25, ...message(7, ...name));
  const version = [8, 8];
  expect(countNodes(Uint8Array.from([...version, ...graph, ...body]))).toBe(3);
});

it.each([
  ['a message that ends too early', [0x3a, 5, 1]],
  ['a wire type that ONNX has not', [0x3b, 0]],
  ['a number without an end', [0x08, 0xff, 0xff]],
])('refuses %s', (_, bytes) => {
  expect(() => countNodes(Uint8Array.from(bytes))).toThrow(RangeError);
});

/** Models that pass tensors through sequences, at each level against onnxruntime. */

import { tensorOf } from '@whittle/ir';
import { expect, test } from 'vitest';
import { g, graphOf, i, input, modelBytes, node, output } from '../../onnx/test/onnx-models.js';
import { feed, runOrt } from '../../onnx/test/run-ort.js';
import { compile } from '../src/index.js';

const scalar = (value: number) => tensorOf('int64', [], [value]);

/** Each row times a vector, the second of them last, and how many rows there are. */
const mapped = modelBytes({
  opset: 18,
  irVersion: 8,
  inputs: [input('x', [3, 4]), input('v', [4])],
  outputs: [output('y', 1), output('count', 0, 'int64')],
  initializers: { second: scalar(1) },
  nodes: [
    node('SplitToSequence', ['x'], ['rows'], { keepdims: i(0) }),
    node('SequenceMap', ['rows', 'v'], ['scaled'], {
      body: g(
        graphOf({
          inputs: [input('row', [4]), input('by', [4])],
          outputs: [output('z', 1)],
          nodes: [node('Mul', ['row', 'by'], ['z'])],
        }),
      ),
    }),
    node('SequenceAt', ['scaled', 'second'], ['moved']),
    node('SequenceErase', ['scaled', 'second'], ['rest']),
    node('SequenceInsert', ['rest', 'moved'], ['order']),
    node('ConcatFromSequence', ['order'], ['y'], { axis: i(0) }),
    node('SequenceLength', ['order'], ['count']),
  ],
});

/** A position that follows from the shape of an input, and an optional that holds a sequence. */
const computed = modelBytes({
  opset: 18,
  irVersion: 8,
  inputs: [input('x', [2, 4]), input('v', [2, 4])],
  outputs: [output('y', 2), output('there', 0, 'bool')],
  initializers: { one: scalar(1), zero: scalar(0) },
  nodes: [
    node('Shape', ['x'], ['dims']),
    node('Gather', ['dims', 'zero'], ['rows']),
    node('Sub', ['rows', 'one'], ['last']),
    node('SequenceConstruct', ['x', 'v'], ['both']),
    node('Optional', ['both'], ['held']),
    node('OptionalHasElement', ['held'], ['there']),
    node('OptionalGetElement', ['held'], ['taken']),
    node('SequenceAt', ['taken', 'last'], ['y']),
  ],
});

test.each([
  ['mapped rows', mapped, { x: [3, 4], v: [4] }],
  ['a position that is computed', computed, { x: [2, 4], v: [2, 4] }],
])('no sequence is left of %s', async (_, bytes, dims) => {
  const feeds = Object.fromEntries(Object.entries(dims).map(([name, size]) => [name, feed(size)]));
  const expected = await runOrt(bytes, feeds);
  for (const optimize of [0, 1, 2] as const) {
    const { files } = await compile(bytes, { target: 'js', inline: true, optimize });
    const text = Buffer.from(files.get('model.js') ?? []).toString('base64');
    const module = await import(`data:text/javascript;base64,${text}`);
    const model = await module.load();
    const given = Object.entries(feeds).map(([name, { data }]) => [name, data]);
    const results = model.run(Object.fromEntries(given));
    for (const [name, { dims: size, data }] of Object.entries(expected)) {
      expect(results[name].dims).toEqual(size);
      for (const [at, value] of data.entries()) {
        expect(Number(results[name].data[at])).toBeCloseTo(value, 5);
      }
    }
  }
});

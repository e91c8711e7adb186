import { CompilerError, type Graph, verifyGraph } from '@whittle/ir';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportOnnx, importOnnx } from '../src/index.js';
import {
  f32,
  floats,
  g,
  graphOf,
  i,
  input,
  ints,
  modelBytes,
  node,
  output,
  s,
  t,
  tinyModel,
} from './onnx-models.js';

/** A model with something of everything, in an opset that has much to upgrade. */
function richModel(): Uint8Array {
  const branch = (op: string) => g(graphOf({ outputs: ['b'], nodes: [node(op, ['p'], ['b'])] }));
  return modelBytes({
    opset: 9,
    inputs: [input('x', ['n', 4]), input('c', [], 'bool')],
    outputs: [output('y', 2), output('z', 2)],
    initializers: { w: f32([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]) },
    nodes: [
      node('Gemm', ['x', 'w'], ['h'], { transB: i(0) }),
      node('Clip', ['h'], ['k'], { min: { type: 1, f: 0 }, max: { type: 1, f: 6 } }),
      node('Pad', ['k'], ['p'], { pads: ints(0, 0, 0, 1), mode: s('constant') }),
      node('If', ['c'], ['q'], { then_branch: branch('Neg'), else_branch: branch('Abs') }),
      node('Slice', ['q'], ['r'], { starts: ints(0), ends: ints(1), axes: ints(1) }),
      node('Constant', [], ['s'], { value: t(f32([1, 2], [1, 1])) }),
      node('Upsample', ['r', 's'], ['y'], { mode: s('nearest') }),
      node('Softmax', ['q'], ['z']),
      node('Odd', ['z'], ['odd'], { weights: floats(1, 2) }, 'com.example'),
    ],
  });
}

/** A graph or a `CompilerError`, within a second; anything else fails the test. */
function importOrRefuse(bytes: Uint8Array): Graph | undefined {
  const start = performance.now();
  try {
    return importOnnx(bytes);
  } catch (error) {
    if (!(error instanceof CompilerError)) throw error;
    if (error.code === 'E_INTERNAL') throw error;
    return undefined;
  } finally {
    expect(performance.now() - start).toBeLessThan(5000);
  }
}

test('the rich model itself is fine', () => {
  verifyGraph(importOnnx(richModel()));
});

test.each([
  ['tiny', tinyModel()],
  ['rich', richModel()],
])('truncated at any byte, the %s model is a graph or refused', (_, bytes) => {
  let refused = 0;
  for (let length = 0; length < bytes.length; length++) {
    if (importOrRefuse(bytes.slice(0, length)) === undefined) refused++;
  }
  expect(refused).toBeGreaterThan(bytes.length / 2);
});

describe('bytes at random', () => {
  const rich = richModel();

  test('flipped bits give a graph that verifies, or a refusal', () => {
    const flips = fc.array(fc.tuple(fc.nat(rich.length - 1), fc.nat(7)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = rich.slice();
        for (const [at, bit] of places) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const graph = importOrRefuse(bytes);
        if (graph !== undefined) verifyGraph(graph);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  test('every byte set to every extreme', () => {
    for (let at = 0; at < rich.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = rich.slice();
        bytes[at] = value;
        importOrRefuse(bytes);
      }
    }
  });

  test('noise is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(importOrRefuse(bytes)).toBeUndefined();
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  test('what imports after a flip exports, or is refused', () => {
    fc.assert(
      fc.property(fc.nat(rich.length - 1), fc.nat(7), (at, bit) => {
        const bytes = rich.slice();
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const graph = importOrRefuse(bytes);
        if (graph === undefined) return;
        try {
          exportOnnx(graph);
        } catch (error) {
          if (!(error instanceof CompilerError)) throw error;
        }
      }),
      { numRuns: 1500, seed: 3 },
    );
  });
});

describe('attributes out of range', () => {
  const big = 2 ** 40;
  test.each<[string, number, ReturnType<typeof node>]>([
    ['Add at axis 2^40', 6, node('Add', ['x', 'x'], ['y'], { broadcast: i(1), axis: i(-big) })],
    ['Softmax at axis 2^40', 9, node('Softmax', ['x'], ['y'], { axis: i(big) })],
    ['Softmax at axis -2^40', 9, node('Softmax', ['x'], ['y'], { axis: i(-big) })],
    ['Concat at axis 9', 9, node('Concat', ['x', 'x'], ['y'], { axis: i(9) })],
    ['Split into parts of 2^40', 9, node('Split', ['x'], ['y', 'z'], { split: ints(big, big) })],
    ['Squeeze at axis 2^40', 9, node('Squeeze', ['x'], ['y'], { axes: ints(big) })],
    ['Unsqueeze at axis 2^40', 9, node('Unsqueeze', ['x'], ['y'], { axes: ints(big) })],
    ['Transpose by a wrong perm', 9, node('Transpose', ['x'], ['y'], { perm: ints(0, 0) })],
    ['Reshape with two -1', 4, node('Reshape', ['x'], ['y'], { shape: ints(-1, -1) })],
    ['Pad of a wrong length', 9, node('Pad', ['x'], ['y'], { pads: ints(1) })],
    ['Clip by text', 9, node('Clip', ['x'], ['y'], { min: s('0') })],
    ['Cast to no type', 5, node('Cast', ['x'], ['y'], { to: s('GRANITE') })],
    ['Slice by text', 9, node('Slice', ['x'], ['y'], { starts: s('0'), ends: s('1') })],
    ['Gemm of nothing', 9, node('Gemm', [], ['y'])],
  ])('%s is refused', (_, opset, each) => {
    const outputs = (each.output ?? []).slice();
    const bytes = modelBytes({ opset, inputs: [input('x', [2, 3])], outputs, nodes: [each] });
    expect(importOrRefuse(bytes)).toBeUndefined();
  });
});

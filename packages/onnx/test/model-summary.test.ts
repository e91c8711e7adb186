import { tensorOf } from '@whittle/ir';
import { expect, test } from 'vitest';
import { exportOnnx, importOnnx, type ModelSummary } from '../src/index.js';
import { f32, g, graphOf, i, input, modelBytes, node, output, t } from './onnx-models.js';

/** Ops in subgraphs and of another domain, constants of three kinds, an initializer of each size. */
function model(): Uint8Array {
  const branch = (op: string) =>
    g(
      graphOf({
        outputs: ['b'],
        initializers: { k: f32([3], [1, 2, 3]) },
        nodes: [node('Mul', ['x', 'k'], ['m']), node(op, ['m'], ['b'])],
      }),
    );
  return modelBytes({
    opset: 11,
    inputs: [input('x', [3]), input('c', [], 'bool')],
    outputs: [output('y', 1)],
    initializers: {
      w: f32([3], [1, 2, 3]),
      unused: tensorOf('int64', [2, 2], [1n, 2n, 3n, 4n]),
    },
    nodes: [
      node('Constant', [], ['s'], { value: t(f32([1], [2])) }),
      node('If', ['c'], ['p'], { then_branch: branch('Neg'), else_branch: branch('Abs') }),
      node('Mul', ['p', 's'], ['q']),
      node('Odd', ['q'], ['r'], { level: i(1) }, 'com.example'),
      node('Mul', ['r', 'w'], ['y']),
    ],
  });
}

test('a summary counts what the file holds, subgraphs included', () => {
  const summaries: ModelSummary[] = [];
  importOnnx(model(), { onSummary: (summary) => summaries.push(summary) });
  expect(summaries).toEqual([
    {
      nodes: 9,
      ops: { Mul: 4, Abs: 1, Constant: 1, If: 1, Neg: 1, 'com.example::Odd': 1 },
      parameterBytes: 12 + 4 * 8 + 4 + 2 * 12,
    },
  ]);
});

test('what an export says of its file is what an import finds in it', () => {
  const summaries: ModelSummary[] = [];
  const onSummary = (summary: ModelSummary) => summaries.push(summary);
  importOnnx(exportOnnx(importOnnx(model()), { onSummary }), { onSummary });
  const [written, read] = summaries;
  expect(read).toEqual(written);
  // Constants become initializers, and those that nothing reads go.
  expect(written?.ops).toEqual({ Mul: 4, Abs: 1, If: 1, Neg: 1, 'com.example::Odd': 1 });
  expect(written?.parameterBytes).toBe(12 + 4 + 2 * 12);
});

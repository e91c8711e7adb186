/** Whatever is built from elementwise ops computes the same after each pipeline as before it. */

import {
  type Graph,
  GraphBuilder,
  type Node,
  numbersOf,
  requiredAttribute,
  runPasses,
  type Value,
} from '@whittle/ir';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pipelines } from '../src/index.js';

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** What each op does to numbers, for the ops that are built and those that passes make of them. */
const meanings: Readonly<
  Record<string, (args: readonly (number | undefined)[], node: Node) => number>
> = {
  Identity: ([x = 0]) => x,
  Neg: ([x = 0]) => -x,
  Abs: ([x = 0]) => Math.abs(x),
  Relu: ([x = 0]) => Math.max(x, 0),
  Sigmoid: ([x = 0]) => sigmoid(x),
  Add: ([a = 0, b = 0]) => a + b,
  Sub: ([a = 0, b = 0]) => a - b,
  Mul: ([a = 0, b = 0]) => a * b,
  Div: ([a = 0, b = 0]) => a / b,
  Min: ([a = 0, b = a]) => Math.min(a, b),
  Max: ([a = 0, b = a]) => Math.max(a, b),
  Clip: ([x = 0, low = -Infinity, high = Infinity]) => clamp(x, low, high),
  Silu: ([x = 0]) => x * sigmoid(x),
  HardSwish: ([x = 0]) => x * clamp(x / 6 + 0.5, 0, 1),
  HardSigmoid: ([x = 0], node) =>
    clamp(
      x * requiredAttribute(node, 'alpha', 'float') + requiredAttribute(node, 'beta', 'float'),
      0,
      1,
    ),
};
const built = [
  'Identity',
  'Neg',
  'Abs',
  'Relu',
  'Sigmoid',
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Min',
  'Max',
];
const binary = new Set(['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max']);
const constants = [0, 1, 3, 6, 1 / 6, -0];

interface Step {
  readonly op: string;
  /** How far back the operands lie. */
  readonly left: number;
  readonly right: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom(...built),
  left: fc.nat(3),
  right: fc.nat(12),
});

/** Operands are near, so that chains and shared values are common; the constants are the first. */
function buildGraph(steps: readonly Step[]): Graph {
  const builder = new GraphBuilder('random');
  const values: Value[] = constants.map((value) => builder.scalar('float32', value));
  values.push(builder.input('x', 'float32', []));
  const back = (distance: number) => values[Math.max(values.length - 1 - distance, 0)];
  for (const { op, left, right } of steps) {
    const operands = binary.has(op) ? [back(left), back(right)] : [back(left)];
    values.push(builder.op(op, operands));
  }
  values.slice(-2).forEach((value, i) => {
    builder.output(`y${i}`, value);
  });
  return builder.build();
}

function evaluate(graph: Graph, x: number): readonly number[] {
  const known = new Map<Value, number>(graph.inputs.map((input) => [input, x]));
  const read = (value: Value): number =>
    value.constant ? (numbersOf(value.constant)[0] ?? 0) : (known.get(value) ?? Number.NaN);
  for (const node of graph.nodes) {
    const args = node.inputs.map((input) => input && read(input));
    const meaning = meanings[node.op];
    const [output] = node.outputs;
    if (!meaning || !output) throw new Error(`No meaning of ${node.op}`);
    known.set(output, meaning(args, node));
  }
  return graph.outputs.map(({ value }) => read(value));
}

test('the pipelines change no result', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 24 }), (steps) => {
      const graph = buildGraph(steps);
      for (const passes of Object.values(pipelines)) {
        const after = runPasses(graph, passes, { verify: true }).graph;
        for (const x of [-7.5, -1, 0, 0.25, 2, 40]) {
          const expected = evaluate(graph, x);
          evaluate(after, x).forEach((actual, i) => {
            const wanted = expected[i] ?? 0;
            if (!Number.isFinite(wanted)) return;
            expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(
              1e-5 * Math.max(1, Math.abs(wanted)),
            );
          });
        }
      }
    }),
    { numRuns: 300 },
  );
});
